import type { LogNormalPrior } from './log-normal-penalty.js';

/** What is believed of a trade before its own data: medians, and how far (in ln) the truth may lie from them. */
interface TradeBelief {
  readonly gapDays: number;
  readonly gapSd: number;
  readonly regularity: number;
}

/** The trades that a user may pick; `broad` is for all others and says little on purpose. */
export const trades = {
  broad: { gapDays: 40, gapSd: 1.5, regularity: 2 },
  groceries: { gapDays: 6, gapSd: 0.6, regularity: 2 },
  'pet supplies': { gapDays: 30, gapSd: 0.6, regularity: 3 },
  beauty: { gapDays: 40, gapSd: 0.6, regularity: 2 },
  hairdresser: { gapDays: 42, gapSd: 0.5, regularity: 5 },
  fashion: { gapDays: 75, gapSd: 0.8, regularity: 1.2 },
  media: { gapDays: 60, gapSd: 0.8, regularity: 1 },
  restaurant: { gapDays: 20, gapSd: 0.8, regularity: 1.5 },
} as const satisfies Record<string, TradeBelief>;

export type Trade = keyof typeof trades;

/** Drop-out: about a third of first-time buyers never return, with much doubt; it falls with every purchase. */
const DROP_OUT = { a: 0.8, b: 1.6 };
/** Customers' mean gaps spread by a factor of about two and a half around the median. */
const SPREAD = 1.5;
/** Concentration of regularity over the population: customers of a trade differ in it. */
const CONCENTRATION = 2.5;

/**
 * The prior of a fit, over ln(r, typical gap, a, b, typical k, concentration of k), the gap in time units.
 * The last two are held firmly: where gaps have no regularity the likelihood lets them run away together.
 */
export function builtInPrior(trade: Trade, unitDays: number): LogNormalPrior {
  const { gapDays, gapSd, regularity } = trades[trade];
  return {
    mean: [SPREAD, gapDays / unitDays, DROP_OUT.a, DROP_OUT.b, regularity, CONCENTRATION].map(
      Math.log,
    ),
    sd: [0.8, gapSd, 1, 1, 0.7, 0.5],
  };
}
