import { daysBetween, fromEpochDay, toEpochDay } from '@regulars/kernel';
import type { ForecastSettings, Subject } from '../engine.js';
import type { AsOfForecast, ForecastWindow } from '../forecast.js';
import { aliveAfter, purchaseWithin, quantileFromNow } from './gap-distribution.js';
import type { CycleModel } from './parameters.js';
import { round } from './round.js';
import { staticForecast } from './static-forecast.js';
import { reasonBeforeWindow, viewOf, type View } from './view.js';

/** What remains after the silence so far: median, window and chances as of the end of a day. */
export function asOfForecast(
  subject: Subject,
  model: CycleModel,
  settings: ForecastSettings,
  asOfDay: number,
): AsOfForecast {
  const { history } = subject;
  const view = viewOf(subject, model, settings);
  // A purchase dated after the as-of day (a shop further east) has no silence yet.
  const elapsed = Math.max(0, asOfDay - history.lastDay);
  const lost = asOfDay >= toEpochDay(staticForecast(subject, model, settings).lostDay);
  const dates = datesFromNow(view, elapsed, Math.max(asOfDay, history.lastDay), settings);
  const reason =
    reasonBeforeWindow(subject, view, settings, { elapsed, lost }) ??
    (tooWide(dates, settings) ? 'wide-window' : undefined);
  const within = (days: number): number => round(purchaseWithin(view.gap, elapsed, days), 4);

  return {
    asOf: fromEpochDay(asOfDay),
    daysSinceLastPurchase: elapsed,
    ...(reason === undefined && dates ? dates : {}),
    probabilityAlive: round(aliveAfter(view.gap, elapsed), 4),
    purchaseProbability: {
      d14: within(14),
      d30: within(30),
      d90: within(90),
      d365: within(365),
    },
    calibrated: false,
    predictability: reason === undefined ? { state: 'ok' } : { state: 'unpredictable', reason },
    explanation: {
      typicalGapDays: round(view.cycleDays, 2),
      gapsObserved: history.purchaseCount - 1,
      populationGapDays: round(Math.exp(view.scope.meanLnGap), 2),
      priorWeightGaps: round(view.gap.priorGaps, 2),
      spreadLnGap: round(view.gap.scale, 4),
      stoppedOddsAfterPurchase: round(view.gap.stoppedOdds, 4),
      ...(subject.statedCycleDays === undefined
        ? {}
        : { statedCycleDays: subject.statedCycleDays }),
      basis: model.basis,
      modelVersion: model.version,
    },
  };
}

interface Dates {
  readonly expectedDay: string;
  readonly windowNow: ForecastWindow;
}

function datesFromNow(
  view: View,
  elapsed: number,
  from: number,
  settings: ForecastSettings,
): Dates | undefined {
  const silence = { gap: view.gap, elapsed, horizonDays: view.horizonDays };
  const [low, high] = settings.windowLevels;
  const [first, middle, last] = [low, 0.5, high].map((p) => quantileFromNow(silence, p));
  if (first === undefined || middle === undefined || last === undefined) return undefined;
  const day = (days: number): string => fromEpochDay(from + Math.max(1, Math.round(days)));
  return {
    expectedDay: day(middle),
    windowNow: { from: day(first), to: day(last), probability: round(high - low, 4) },
  };
}

function tooWide(dates: Dates | undefined, settings: ForecastSettings): boolean {
  if (!dates) return true;
  return daysBetween(dates.windowNow.from, dates.windowNow.to) > settings.wideWindowDays;
}
