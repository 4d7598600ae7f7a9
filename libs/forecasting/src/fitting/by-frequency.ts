import type { FitRows } from './fit-rows.js';

/** A function of the frequency, computed once for each that occurs. */
export function byFrequency(rows: FitRows, f: (x: number) => number): Float64Array {
  let highest = 0;
  for (const x of rows.x) if (x > highest) highest = x;
  const seen = new Uint8Array(highest + 1);
  for (const x of rows.x) seen[x] = 1;
  return Float64Array.from(seen, (isSeen, x) => (isSeen ? f(x) : 0));
}
