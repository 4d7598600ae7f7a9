import type { Forecaster } from '../forecaster.js';
import type { CustomerStatistics, KnownHistory, PurchaseHistories } from '../statistics/index.js';
import { medianOf } from './median.js';

/** Days that a rule puts between the last purchase and the next one; undefined where the customer has no gap yet. */
type GapRule = (statistics: CustomerStatistics, row: number) => number | undefined;

/**
 * The rules of thumb that a date has to beat. Customers without a gap of their own get the population's median.
 * @param histories where median gaps come from: the running sums don't hold them. Each row is read up to its as-of day.
 */
export function gapBaselines(histories: PurchaseHistories): Forecaster[] {
  const median: GapRule = (statistics, row) => medianGap(histories, statistics, row);
  return [
    byGap('population median gap', histories, () => undefined),
    byGap('last + mean gap', histories, meanGap),
    byGap('last + median gap', histories, median),
    byGap('last + last gap', histories, lastGap),
    notBeforeNow('max(last + mean gap, now)', byGap('', histories, meanGap)),
    notBeforeNow('max(last + median gap, now)', byGap('', histories, median)),
  ];
}

function byGap(name: string, histories: PurchaseHistories, rule: GapRule): Forecaster {
  return {
    name,
    fit: (known) => {
      const usual = populationMedianGap(histories, known);
      return {
        score: (statistics) => ({
          dates: {
            expectedDay: Int32Array.from(
              statistics.lastDay,
              (last, row) => last + Math.round(rule(statistics, row) ?? usual),
            ),
          },
        }),
        notes: { 'population median gap': usual },
      };
    },
  };
}

/** A date in the past is moved to today: the fair opponent as of now. */
function notBeforeNow(name: string, forecaster: Forecaster): Forecaster {
  return {
    name,
    fit: (known, horizonsDays) => {
      const fitted = forecaster.fit(known, horizonsDays);
      return {
        ...fitted,
        score: (statistics) => {
          const dates = fitted.score(statistics).dates?.expectedDay ?? new Int32Array();
          return {
            dates: {
              expectedDay: dates.map((day, row) => Math.max(day, statistics.asOfDay[row] ?? 0)),
            },
          };
        },
      };
    },
  };
}

function meanGap(
  { purchaseDays, firstDay, lastDay }: CustomerStatistics,
  row: number,
): number | undefined {
  const repeats = (purchaseDays[row] ?? 1) - 1;
  return repeats > 0 ? ((lastDay[row] ?? 0) - (firstDay[row] ?? 0)) / repeats : undefined;
}

function lastGap({ lastGap: gaps }: CustomerStatistics, row: number): number | undefined {
  const gap = gaps[row] ?? 0;
  return gap > 0 ? gap : undefined;
}

function medianGap(
  { offsets, days }: PurchaseHistories,
  { customer, purchaseDays }: CustomerStatistics,
  row: number,
): number | undefined {
  const repeats = (purchaseDays[row] ?? 1) - 1;
  if (repeats < 1) return undefined;
  const start = offsets[customer[row] ?? 0] ?? 0;
  return medianOf(
    Int32Array.from(
      { length: repeats },
      (_, i) => (days[start + i + 1] ?? 0) - (days[start + i] ?? 0),
    ),
  );
}

/** A month, where nobody has come back yet. */
const GAP_WITHOUT_DATA = 30;

function populationMedianGap(
  { size, offsets, days }: PurchaseHistories,
  known: KnownHistory,
): number {
  const gaps: number[] = [];
  for (let i = 0; i < size; i++) {
    const end = offsets[i + 1] ?? 0;
    for (let at = (offsets[i] ?? 0) + 1; at < end && (days[at] ?? 0) <= known.untilDay; at++) {
      gaps.push((days[at] ?? 0) - (days[at - 1] ?? 0));
    }
  }
  return medianOf(Int32Array.from(gaps)) ?? GAP_WITHOUT_DATA;
}
