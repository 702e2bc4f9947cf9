/**
 * The members of a JSON object as they are written: name to the text of its value, so that nothing changes when they are
 * put into another object: no number is rounded, and no depth of nesting is too much. A repeated name counts once, with
 * its last value, as in JSON.parse.
 * @param text the text of an object that JSON.parse accepts.
 */
export const memberTexts = (text: string): Map<string, string> => {
  const members = new Map<string, string>();
  let at = text.indexOf('{') + 1;
  for (;;) {
    const nameStart = text.indexOf('"', at);
    if (nameStart < 0) return members;
    const nameEnd = endOfString(text, nameStart);
    const valueStart = text.indexOf(':', nameEnd) + 1;
    const valueEnd = endOfValue(text, valueStart);
    const name = JSON.parse(text.slice(nameStart, nameEnd)) as string;
    members.set(name, text.slice(valueStart, valueEnd).trim());
    if (text[valueEnd] !== ',') return members;
    at = valueEnd + 1;
  }
};

/** The position after the string that begins at `start`. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** The position of the comma or bracket after the value that begins at or after `start`. */
const endOfValue = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return text.length;
};
