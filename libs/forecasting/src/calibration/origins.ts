/**
 * Earlier days from which to look at what came after: for each horizon the last day with a complete one, and the one
 * before it where there is history, so that one lucky or unlucky season does not decide.
 * @param firstDay of the first purchase of all
 */
export function calibrationOrigins(
  firstDay: number,
  lastDay: number,
  horizonsDays: readonly number[],
): number[] {
  const origins = new Set<number>();
  for (const h of horizonsDays) {
    for (const back of [h, Math.round(1.5 * h), 2 * h]) {
      const origin = lastDay - back;
      // Before it there must be something to learn from: as long as the horizon itself, but a quarter is enough.
      if (origin - firstDay >= Math.min(MOST_HISTORY, Math.max(h / 2, LEAST_HISTORY))) {
        origins.add(origin);
      }
    }
  }
  return [...origins].sort((p, q) => p - q);
}

const LEAST_HISTORY = 28;
const MOST_HISTORY = 91;
