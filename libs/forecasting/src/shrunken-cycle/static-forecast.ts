import { fromEpochDay } from '@regulars/kernel';
import type { ForecastSettings, Subject } from '../engine.js';
import type { Basis, StaticForecast } from '../forecast.js';
import { frequencyOf, gapVariationOf } from '../history.js';
import { quantileFromNow, survivalInverse } from './gap-distribution.js';
import type { CycleModel } from './parameters.js';
import { reminderOf } from './reminder.js';
import { round } from './round.js';
import { reasonBeforeWindow, viewOf, type View } from './view.js';

/** The dates right after the last purchase (silence 0): they hold until the next event or refit. */
export function staticForecast(
  subject: Subject,
  model: CycleModel,
  settings: ForecastSettings,
): StaticForecast {
  const { history } = subject;
  const view = viewOf(subject, model, settings);
  const offsets = offsetsOf(view, settings);
  const reason =
    reasonBeforeWindow(subject, view, settings, { elapsed: 0, lost: false }) ??
    (offsets.to - offsets.from > settings.wideWindowDays ? 'wide-window' : undefined);
  const reminder = reason === undefined ? undefined : reminderOf(subject, model);

  const day = (offset: number): string => fromEpochDay(history.lastDay + offset);
  const contactOffset = reminder?.offset ?? offsets.due;
  const gapVariation = gapVariationOf(history);
  return {
    purchaseCount: history.purchaseCount,
    firstPurchaseDay: fromEpochDay(history.firstDay),
    lastPurchaseDay: day(0),
    cycleDays: Math.max(0.01, round(view.cycleDays, 2)),
    ...(gapVariation === undefined
      ? {}
      : {
          gapVariation: round(gapVariation, 4),
          pRegular: round(view.regularity.pRegular, 4),
          pNoCycle: round(view.regularity.pNoCycle, 4),
        }),
    ...(history.purchaseCount === 1 ? { newUntilDay: day(newForDays(view, offsets.due)) } : {}),
    ...(reminder
      ? { remindDay: day(reminder.offset) }
      : {
          dueDay: day(offsets.due),
          window: {
            from: day(offsets.from),
            to: day(offsets.to),
            probability: round(settings.windowLevels[1] - settings.windowLevels[0], 4),
          },
        }),
    lostDay: day(lostOffset(view, contactOffset, settings)),
    basis: reminder?.basis ?? basisOf(subject, model),
    predictability: reason === undefined ? { state: 'ok' } : { state: 'unpredictable', reason },
  };
}

interface Offsets {
  readonly from: number;
  readonly due: number;
  readonly to: number;
}

/** Days after the last purchase: median and window given that the purchase comes within the horizon. */
function offsetsOf(view: View, settings: ForecastSettings): Offsets {
  const silence = { gap: view.gap, elapsed: 0, horizonDays: view.horizonDays };
  const at = (p: number): number =>
    Math.max(1, Math.round(quantileFromNow(silence, p) ?? view.horizonDays));
  return { from: at(settings.windowLevels[0]), due: at(0.5), to: at(settings.windowLevels[1]) };
}

/** Silence beyond what 39 of 40 gaps reach, but two whole cycles at least and about two years at most. */
function lostOffset(view: View, contactOffset: number, settings: ForecastSettings): number {
  const rare = Math.ceil(survivalInverse(view.gap, 0.025));
  const longest = Math.max(730, Math.ceil(3 * view.cycleDays));
  const shortest = Math.max(
    settings.minimumLostDays,
    Math.ceil(2 * view.cycleDays),
    contactOffset + 1,
  );
  return Math.max(Math.min(rare, longest), shortest);
}

function newForDays(view: View, dueOffset: number): number {
  return Math.max(1, Math.round(view.scope.medianFirstGapDays ?? dueOffset));
}

function basisOf(subject: Subject, model: CycleModel): Basis {
  if (subject.statedCycleDays === undefined) return model.basis;
  return frequencyOf(subject.history) === 0 ? 'stated' : 'blend';
}
