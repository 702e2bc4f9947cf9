/** The value below which the share `q` (0 to 1) of the values lies, by nearest rank; NaN of none. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
};

/** Median and 99th percentile, rounded to a tenth. */
export const p50p99 = (values: readonly number[]): { readonly p50: number; readonly p99: number } => ({
  p50: Math.round(quantile(values, 0.5) * 10) / 10,
  p99: Math.round(quantile(values, 0.99) * 10) / 10,
});
