/** The edit distance of two texts: how many characters to add, remove or replace. https://en.wikipedia.org/wiki/Levenshtein_distance */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [position, character] of Array.from(from).entries()) {
    const next = [position + 1];
    for (let index = 1; index <= to.length; index++) {
      const replaced = (row[index - 1] ?? 0) + (to[index - 1] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/** Characters of a segment that are compared. */
const maxLength = 40;

const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .filter(Boolean)
    .map((segment) => segment.slice(0, maxLength));

/** How different a path is from a route's: a parameter matches any segment; a missing or additional segment counts like two characters. */
const distanceTo = (route: string, path: string): number => {
  const [wanted, given] = [segmentsOf(route), segmentsOf(path)];
  const spare = 2 * Math.abs(wanted.length - given.length);
  return wanted.reduce((sum, segment, index) => {
    const other = given[index];
    return other === undefined || segment.startsWith('{') ? sum : sum + distance(segment, other);
  }, spare);
};

/** The route that is most similar to the path, such as `/orders/{id}`. Undefined without routes. */
export const nearestRoute = (routes: readonly string[], path: string): string | undefined => {
  const [nearest] = routes
    .map((route) => ({ route, far: distanceTo(route, path) }))
    .sort((a, b) => a.far - b.far || a.route.length - b.route.length);
  return nearest?.route;
};
