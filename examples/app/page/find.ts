/**
 * The first element that matches, of the kind that is asked for.
 * @throws TypeError if there is none: the page and its script do not belong together
 */
export const findAs = <Kind extends HTMLElement>(root: ParentNode, selector: string, kind: new () => Kind): Kind => {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} ${selector}`);
};

export const find = (root: ParentNode, selector: string): HTMLElement => findAs(root, selector, HTMLElement);
