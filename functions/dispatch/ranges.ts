/** Writes ascending numbers as ranges, `0-99,105`, which is how a delivery names its messages in little room. */
export const encodeRanges = (numbers: readonly number[]): string => {
  const ranges: string[] = [];
  let first = 0;
  for (const [position, number] of numbers.entries()) {
    const next = numbers[position + 1];
    if (next === number + 1) continue;
    const start = numbers[first] ?? number;
    ranges.push(start === number ? String(number) : `${start}-${number}`);
    first = position + 1;
  }
  return ranges.join(',');
};

/** Reads what encodeRanges wrote. @throws RangeError for anything else, and for more than 100,000 numbers. */
export const decodeRanges = (text: string): number[] => {
  const numbers: number[] = [];
  for (const range of text === '' ? [] : text.split(',')) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(range);
    const start = Number(match?.[1]);
    const end = Number(match?.[2] ?? match?.[1]);
    if (!match || end < start || start <= (numbers.at(-1) ?? -1) || numbers.length + end - start >= 100_000) {
      throw new RangeError(`Not a list of ranges: ${range}`);
    }
    for (let number = start; number <= end; number += 1) numbers.push(number);
  }
  return numbers;
};
