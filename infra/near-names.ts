/** Whether one may be a misspelling of the other: `keyhours`, `key_hours` and `keyHour` are near `keyHours`. */
export const isNear = (a: string, b: string): boolean => {
  const [shorter = '', longer = ''] = [a, b]
    .map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''))
    .sort((x, y) => x.length - y.length);
  if (longer.startsWith(shorter)) return longer.length - shorter.length <= 2;
  const apart = Array.from(longer).filter((letter, index) => letter !== shorter[index]);
  return apart.length <= 2;
};
