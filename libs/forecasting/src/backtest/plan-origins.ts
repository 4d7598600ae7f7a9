import { PurchaseFileError } from '../histories/purchase-file-error.js';

/**
 * A date is forecast on the condition that the purchase comes within a year: judged by those alone who came within weeks it
 * would look far too late. So dates are followed as long as the history allows, whatever horizons were asked for.
 */
const FOLLOW_UP_DAYS = [365, 180, 90, 30];

/** Share of the history that is learnt from before the first origin, at least. */
const LEARNING_SHARE = 0.4;

export interface OriginPlan {
  /** Ascending; each is the last day that is known at it. */
  readonly origins: readonly number[];
  /** Those that are complete at the newest origin at least. */
  readonly horizonsDays: readonly number[];
}

/**
 * Rolling origins over the observed days. The longest horizon or follow-up that leaves enough to learn from bounds the last
 * origin; the others are spread evenly before it.
 */
export function planOrigins(
  { firstDay, lastDay }: { readonly firstDay: number; readonly lastDay: number },
  wantedHorizons: readonly number[],
  wantedOrigins: number,
  followUps: readonly number[] = FOLLOW_UP_DAYS,
): OriginPlan {
  const span = lastDay - firstDay;
  const earliest = firstDay + Math.max(1, Math.ceil(LEARNING_SHARE * span));
  const horizonsDays = wantedHorizons
    .filter((horizon) => earliest + horizon <= lastDay)
    .sort((a, b) => a - b);
  const longest = horizonsDays.at(-1);
  if (longest === undefined) {
    throw new PurchaseFileError(
      `The purchases span ${span} days: too few for a backtest, which needs ` +
        `${Math.ceil(Math.min(...wantedHorizons) / (1 - LEARNING_SHARE)) + 1} at least.`,
    );
  }
  const followUp = followUps.find((days) => earliest + days <= lastDay) ?? 0;
  const latest = lastDay - Math.max(longest, followUp);
  const steps = Math.max(wantedOrigins - 1, 1);
  const spread = Array.from({ length: wantedOrigins }, (_, i) =>
    Math.round(latest - ((latest - earliest) * i) / steps),
  );
  return { origins: [...new Set(spread)].sort((a, b) => a - b), horizonsDays };
}
