/** Days from which a candidate is judged, ascending, and for how long each is followed at least. */
export interface GateOrigins {
  readonly days: readonly number[];
  readonly horizonsDays: readonly number[];
}

const HORIZONS = [90, 30] as const;
const MOST = 4;
/** One origin may lie before a holiday and another after it: fewer than this say more of the season than of the model. */
const FEWEST = 3;
const LEAST_STEP_DAYS = 30;
/** The quarters of a year weigh alike. */
const STEP_DAYS = 90;
/** Share of the history that is learnt from before the first origin, at least. */
const LEARNING_SHARE = 0.4;

/** Rolling origins within the last year, as far apart as the history allows; undefined where it is too short for three. */
export function gateOrigins(firstDay: number, lastDay: number): GateOrigins | undefined {
  const learnt = firstDay + Math.max(1, Math.ceil(LEARNING_SHARE * (lastDay - firstDay)));
  for (const horizon of HORIZONS) {
    const newest = lastDay - horizon;
    const room = newest - learnt;
    if (room < (FEWEST - 1) * LEAST_STEP_DAYS) continue;
    const origins = Math.min(MOST, 1 + Math.floor(room / LEAST_STEP_DAYS));
    const step = Math.min(STEP_DAYS, Math.floor(room / (origins - 1)));
    return {
      days: Array.from({ length: origins }, (_, i) => newest - step * (origins - 1 - i)),
      horizonsDays: HORIZONS.filter((h) => h <= horizon).reverse(),
    };
  }
  return undefined;
}
