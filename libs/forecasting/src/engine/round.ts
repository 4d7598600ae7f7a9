/** Rounded to so many decimals: what is published need not carry sixteen digits of a shrunken mean. */
export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
