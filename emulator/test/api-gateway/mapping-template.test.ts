import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { inputVariable } from '../../api-gateway/input-variable.ts';
import { MappingTemplate } from '../../api-gateway/mapping-template.ts';
import { escapeJavaScript, utilVariable } from '../../api-gateway/util-variable.ts';

const renderedSchema = z.object({ input: z.string() });

interface Source {
  readonly body?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly querystring?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
}

const render = (
  template: string,
  { body = '{}', path = {}, querystring = {}, header = {} }: Source = {},
  more = {},
) => {
  const input = inputVariable({ body, parse: (): unknown => JSON.parse(body), path, querystring, header });
  return new MappingTemplate(template).render({ input, util: utilVariable, ...more });
};

const hostile = [
  'plain',
  '"',
  "it's",
  '\\',
  '@@',
  '$util.escapeJavaScript("x")',
  '#set($a = 1)',
  '#end',
  '$input.body',
  'line\nbreak\r\ttab',
  '\u0000\u001f\u007f',
  '\u00e9\u4e2d\u{1f600}',
  '\u202eright to left',
  '\ud800',
  '","admin":true,"x":"',
  '%25 %',
  '</script>',
];

describe('a value that goes through escapeJavaScript', () => {
  test.each(hostile)('arrives as it was: %j', (value) => {
    const template = `{"value":"$util.escapeJavaScript($input.params("v")).replaceAll("\\\\'", "'")"}`;
    expect(JSON.parse(render(template, { path: { v: value } }))).toEqual({ value });
  });

  test.each(hostile)('arrives as it was when it is escaped twice: %j', (value) => {
    const template = `#set($once = $util.escapeJavaScript($input.params("v")).replaceAll("\\\\'", "'"))
{"input":"{\\"value\\":\\"$util.escapeJavaScript($once).replaceAll("\\\\'", "'")\\"}"}`;
    const { input } = renderedSchema.parse(JSON.parse(render(template, { path: { v: value } })));
    expect(JSON.parse(input)).toEqual({ value });
  });

  test('arrives whole when it is very long', () => {
    const value = `"it's"`.repeat(20_000);
    const template = `"$util.escapeJavaScript($input.params("v")).replaceAll("\\\\'", "'")"`;
    expect(JSON.parse(render(template, { path: { v: value } }))).toBe(value);
  });

  test('has its apostrophe escaped as JSON does not allow', () => {
    expect(escapeJavaScript('it\'s "so" a/b \u00e9\u0001')).toBe(`it\\'s \\"so\\" a\\/b \\u00E9\\u0001`);
  });
});

test.each([
  ['""', 'true'],
  ['"a"', 'false'],
  ['[]', 'true'],
  ['[1]', 'false'],
])('the property empty of %s is %s, as isEmpty() is', (value, expected) => {
  expect(render(`#set($value = ${value})$value.empty $value.isEmpty()`)).toBe(`${expected} ${expected}`);
});

test('the property empty of a map is its member', () => {
  expect(render('$value.empty', {}, { value: { empty: 'a member' } })).toBe('a member');
});

describe('$input', () => {
  test('gives parameters from the path, the query and the headers, in this order', () => {
    const all = {
      path: { a: 'path' },
      querystring: { a: 'query', b: 'query' },
      header: { a: 'h', b: 'h', 'x-c': 'head' },
    };
    expect(render('$input.params("a") $input.params("b") $input.params("X-C") <$input.params("d")>', all)).toBe(
      'path query head <>',
    );
  });

  test('gives all parameters of a kind', () => {
    const querystring = { b: '2', a: '1' };
    const template =
      '#foreach($name in $input.params().querystring.keySet())$name=$input.params().querystring.get($name)#if($foreach.hasNext)&#end#end';
    expect(render(template, { querystring })).toBe('b=2&a=1');
  });

  test('gives parts of the body', () => {
    const body = '{"a":{"b c":[1,"two",null]},"n":1.5,"t":true}';
    expect(
      render(`$input.json('$.a') $input.path("$.a['b c'][1]") $input.path('$.n') $input.path('$.t')`, { body }),
    ).toBe('{"b c":[1,"two",null]} two 1.5 true');
    expect(render(`#if($input.path('$.x'))there#{else}missing#end`, { body })).toBe('missing');
  });

  test('gives the body as it is', () => {
    expect(render('$input.body', { body: '{"n": 10.00}' })).toBe('{"n": 10.00}');
  });
});

describe('values behave as in Java', () => {
  test.each([
    ['$s.length()', '11'],
    ['$s.isEmpty()', 'false'],
    ['$s.equals("Hello World")', 'true'],
    ['$s.contains("lo W")', 'true'],
    ['$s.substring(6)', 'World'],
    ['$s.substring(0, 4)', 'Hell'],
    ['$s.indexOf("o")', '4'],
    ['$s.replace(".", "!")', 'Hello World'],
    ['$s.replaceAll("[eo]", "<$0>")', 'H<e>ll<o> W<o>rld'],
    ['$s.replaceAll("(l+)", "[$1]")', 'He[ll]o Wor[l]d'],
    ['$s.replaceFirst("l", "L")', 'HeLlo World'],
    ['$s.matches("Hello")', 'false'],
    ['$s.matches("H.*d")', 'true'],
    ['$s.split(" ").size()', '2'],
    ['$s.toUpperCase()', 'HELLO WORLD'],
    ['$map.get("a")', '1'],
    ['$map.containsKey("toString")', 'false'],
    ['$map.size()', '2'],
    ['$list.get(1)$list[0]', 'yx'],
    ['$map.b.c', 'deep'],
    ['$!map.toString', ''],
    ['$!map.__proto__', ''],
    ['#if($empty)yes#{else}no#end', 'yes'],
    ['#if(!$empty)yes#{else}no#end', 'no'],
    ['#if($zero && $empty)yes#{else}no#end', 'yes'],
    ['#if($none || $no)yes#{else}no#end', 'no'],
    ['#if($empty != "")yes#{else}no#end', 'no'],
  ])('%s is %s', (template, expected) => {
    const values = {
      s: 'Hello World',
      map: { a: 1, b: { c: 'deep' } },
      list: ['x', 'y'],
      empty: '',
      zero: 0,
      no: false,
    };
    expect(render(template, {}, values)).toBe(expected);
  });
});

describe('$util', () => {
  test.each([
    [`$util.urlEncode("a b/\u00e9")`, 'a+b%2F%C3%A9'],
    ['$util.urlDecode("a+b%2F%C3%A9")', 'a b/\u00e9'],
    ['$util.base64Encode("h\u00e9")', 'aMOp'],
    ['$util.base64Decode("aMOp")', 'h\u00e9'],
    [`$util.parseJson('{"a":{"b":7}}').a.b`, '7'],
  ])('%s is %s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe('a template fails that', () => {
  test.each([
    ['prints what has no value', '$input.path("$.missing")', '$input.path has no value'],
    ['prints a map', '$map', '$map is not text'],
    ['calls what Java does not have', '$s.slice(1)', 'string has no method slice()'],
    ['uses a JSONPath to several values', '$input.path("$..a")', 'The JSONPath $..a is not supported'],
  ])('%s', (_what, template, message) => {
    expect(() => render(template, {}, { s: 'text', map: {} })).toThrow(message);
  });
});

test('a template overrides the status and headers of its answer', () => {
  const context = { responseOverride: { header: {} } };
  render(
    '#set($context.responseOverride.status = 429)#set($context.responseOverride.header.Retry-After = "1")',
    {},
    { context },
  );
  expect(context).toEqual({ responseOverride: { status: 429, header: { 'Retry-After': '1' } } });
});
