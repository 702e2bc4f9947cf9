/** Percent-encodes all but the unreserved characters; encodeURIComponent leaves five more. https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
