/** Counts the requests of this document that reached the origin of a queue, as the browser has seen them. */
export const countRequests = (queue: string): (() => number) => {
  const place = `${new URL(queue).origin}/`;
  let count = 0;
  new PerformanceObserver((list) => {
    count += list.getEntries().filter(({ name }) => name === place).length;
  }).observe({ type: 'resource', buffered: true });
  return () => count;
};

export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
