import type { Forecaster } from '../forecaster.js';
import type { KnownHistory } from '../statistics/index.js';
import { column } from './customer-inputs.js';

/** Everybody goes on at his own rate: repeats over age, no drop-out. */
export const ownRate: Forecaster = {
  name: 'rate x/T',
  fit: (_, horizonsDays) => ({
    score: (statistics) => ({
      horizons: horizonsDays.map((horizonDays) => ({
        horizonDays,
        count: column(statistics, (i) => {
          const age = (statistics.asOfDay[i] ?? 0) - (statistics.firstDay[i] ?? 0);
          const repeats = (statistics.purchaseDays[i] ?? 1) - 1;
          return age > 0 ? (repeats / age) * horizonDays : 0;
        }),
      })),
    }),
  }),
};

/** Everybody buys as often as the customers on average did, in the last complete window of that length. */
export const constantMean: Forecaster = {
  name: 'constant mean',
  fit: (known, horizonsDays) => {
    const means = horizonsDays.map((horizonDays) => meanCount(known, horizonDays));
    return {
      score: (statistics) => ({
        horizons: horizonsDays.map((horizonDays, h) => ({
          horizonDays,
          count: new Float64Array(statistics.size).fill(means[h] ?? 0),
        })),
      }),
    };
  },
};

function meanCount(known: KnownHistory, horizonDays: number): number {
  const before = known.statisticsAsOf(known.untilDay - horizonDays);
  if (before.size > 0) {
    const { count } = known.outcomes(before, horizonDays);
    return count.reduce((sum, n) => sum + n, 0) / before.size;
  }
  // No window is that long yet: repeats per customer and day so far.
  const all = known.statisticsAsOf(known.untilDay);
  let repeats = 0;
  let days = 0;
  for (let i = 0; i < all.size; i++) {
    repeats += (all.purchaseDays[i] ?? 1) - 1;
    days += known.untilDay - (all.firstDay[i] ?? 0);
  }
  return days === 0 ? 0 : (repeats / days) * horizonDays;
}
