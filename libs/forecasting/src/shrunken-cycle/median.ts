/** Median of numbers; of an even count the mean of the middle two. The list must not be empty. */
export function medianOf(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return medianOfCounts(counts, 1) ?? NaN;
}

/** The same of a histogram (value -> how often); undefined with fewer than `minimum` values. */
export function medianOfCounts(
  counts: ReadonlyMap<number, number>,
  minimum: number,
): number | undefined {
  let total = 0;
  for (const count of counts.values()) total += count;
  if (total < minimum || total === 0) return undefined;
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return (nth(sorted, Math.floor((total - 1) / 2)) + nth(sorted, Math.floor(total / 2))) / 2;
}

function nth(sorted: readonly (readonly [number, number])[], index: number): number {
  let passed = 0;
  for (const [value, count] of sorted) {
    passed += count;
    if (passed > index) return value;
  }
  return NaN;
}
