/** The middle value, or the mean of the two middle ones; undefined without values. Sorts in place. */
export function medianOf(values: Int32Array | Float64Array): number | undefined {
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
