import type { Method } from './api-definition.ts';

/** A method found by its path, with the path's parameters as they were sent. */
export interface Match {
  readonly method: Method;
  readonly rawParameters: Readonly<Record<string, string>>;
  /** The path as it was sent, without the stage: `/orders/1/a%20b`. */
  readonly path: string;
}

interface Node {
  readonly fixed: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  readonly methods: Map<string, Method>;
}

const newNode = (): Node => ({ fixed: new Map(), methods: new Map() });

const segmentsOf = (path: string): readonly string[] => path.replace(/^\/+/, '').split('/');

const childFor = (node: Node, segment: string): Node => {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  if (name === undefined) {
    const child = node.fixed.get(segment) ?? newNode();
    node.fixed.set(segment, child);
    return child;
  }
  node.parameter ??= { name, node: newNode() };
  return node.parameter.node;
};

/**
 * Finds methods by the segments of a path. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
 * Assumed: a segment is compared as it was sent, so that `%2F` stays inside a parameter.
 */
export class Routes {
  readonly #root = newNode();
  readonly #stage: string;

  constructor(methods: readonly Method[], stage: string) {
    this.#stage = stage;
    for (const method of methods) {
      const node = segmentsOf(method.resourcePath).filter(Boolean).reduce(childFor, this.#root);
      node.methods.set(method.httpMethod, method);
    }
  }

  /**
   * The stage may be the first segment, as in the API's URL on AWS. Extra slashes at the beginning, and one at the end, change nothing.
   * An empty segment is an empty parameter, which the integration can refuse; AWS finds no route.
   */
  find(httpMethod: string, path: string): Match | undefined {
    const segments = segmentsOf(path);
    const candidates = [segments, ...(segments[0] === this.#stage ? [segments.slice(1)] : [])];
    const withoutSlash = candidates.filter((one) => one.at(-1) === '').map((one) => one.slice(0, -1));
    for (const candidate of [...candidates, ...withoutSlash]) {
      const match = this.#descend(httpMethod, candidate);
      if (match) return match;
    }
    return undefined;
  }

  #descend(httpMethod: string, segments: readonly string[]): Match | undefined {
    const rawParameters: Record<string, string> = {};
    let node = this.#root;
    for (const segment of segments) {
      const fixed = node.fixed.get(segment);
      if (!fixed && !node.parameter) return undefined;
      if (!fixed && node.parameter) rawParameters[node.parameter.name] = segment;
      node = fixed ?? node.parameter?.node ?? node;
    }
    const method = node.methods.get(httpMethod) ?? node.methods.get('ANY');
    return method && { method, rawParameters, path: `/${segments.join('/')}` };
  }
}
