import { localTime } from './local-time.ts';
import { conversations, deedsOf, ladderDay, zoneOf, type Change, type Month } from './month.ts';
import type { Deed, Touch } from './month.ts';
import { CAP_WINDOW_MS, endOfQuiet, isQuiet, type Rule } from './rules.ts';

/** docs/ARCHITECTURE.md, "reasons": written down here again, so that a new one is noticed. */
const deferReasons = [
  'campaign-paused',
  'consent-unknown',
  'behind',
  'agreement',
  'quiet-hours',
  'frequency-cap',
];
const skipReasons = [
  ...deferReasons,
  'no-consent',
  'no-address',
  'stopped',
  'purchased',
  'left-audience',
  'answered-bought',
  'answered-yes',
  'answered-no',
  'corrected',
  'forecast-withdrawn',
  'merged',
  'erased',
  'day-passed',
  'offer-already-made',
  'template-failed',
];

export const everyReasonIsKnown: Rule = ({ touches }) =>
  changes(touches, 'deferred', 'skipped').flatMap(({ touch, change }) => {
    const known = change.state === 'deferred' ? deferReasons : skipReasons;
    if (!known.includes(change.reason)) return [`${tell(touch, change)} is on no list`];
    if (change.state === 'skipped') return [];
    return change.until && change.until > change.at ? [] : [`${tell(touch, change)} has no end`];
  });

/** Whether what a deferral or skip gives as its reason was so at that moment. */
export const everyReasonIsTrue: Rule = (month) =>
  changes(month.touches, 'deferred', 'skipped')
    .filter(({ touch, change }) => !isTrue(month, touch, change))
    .map(({ touch, change }) => `${tell(touch, change)} is not so`);

function isTrue(month: Month, touch: Touch, change: Change): boolean {
  const did = (...kinds: readonly Deed['kind'][]) =>
    deedsOf(month, touch.customerId, ...kinds).some(({ at }) => at <= change.at);
  switch (change.reason) {
    case 'quiet-hours': {
      const zone = zoneOf(month, touch.customerId, change.at);
      if (!isQuiet(change.at, zone)) return false;
      return change.until?.getTime() === endOfQuiet(change.at, zone).getTime() || !change.until;
    }
    case 'frequency-cap':
      return isCapped(month, touch, change);
    case 'purchased': {
      const day = ladderDay(month, touch) ?? '';
      return deedsOf(month, touch.customerId, 'purchase').some(
        (purchase) => purchase.at <= change.at && purchase.day > day,
      );
    }
    case 'agreement':
      return did('later');
    case 'stopped':
      return did('stop');
    case 'answered-yes':
      return did('yes');
    case 'answered-no':
      return did('no');
    case 'no-consent':
      return did('withdrew-email', 'stop');
    case 'day-passed':
      return touch.dueAt < change.at;
    default:
      return true;
  }
}

/** Three were sent within the window; a deferral ends when at most two are left in it, and not at night. */
function isCapped({ sent, ...month }: Month, touch: Touch, change: Change): boolean {
  const until = (end: Date) =>
    sent.filter(
      ({ customerId, at }) =>
        customerId === touch.customerId &&
        at <= change.at &&
        at.getTime() > end.getTime() - CAP_WINDOW_MS,
    ).length;
  if (until(change.at) < 3) return false;
  if (!change.until) return true;
  const zone = zoneOf({ sent, ...month }, touch.customerId, change.at);
  return until(change.until) < 3 && !isQuiet(change.until, zone);
}

/** Planned at the step's hour of the customer's clock, and sent then unless something on record held it. */
export const everyStepHasItsHour: Rule = (month) =>
  month.touches.flatMap((touch) => {
    const hour = month.campaigns.get(touch.campaignId)?.hours[touch.step - 1];
    const planned = touch.history.findLast(({ state }) => state === 'planned');
    if (touch.campaignId === conversations || hour === undefined || !planned) return [];
    const { minutes } = localTime(touch.dueAt, zoneOf(month, touch.customerId, planned.at));
    if (minutes !== hour * 60)
      return [`${touch.id} is due at minute ${minutes}, not at ${hour}:00`];
    const held = touch.history.some(({ state }) => state === 'deferred');
    const sentAt = touch.sentAt ?? touch.dueAt;
    const late = !held && planned.at <= touch.dueAt && sentAt.getTime() !== touch.dueAt.getTime();
    return late ? [`${touch.id} left at ${sentAt.toISOString()} and nothing had held it`] : [];
  });

/** Nothing is forgotten: what was planned has an end on record, or waits for an instant to come. */
export const nothingIsLeftBehind =
  (end: Date): Rule =>
  ({ touches }) =>
    touches.flatMap((touch) => {
      const last = touch.history.findLast(({ state }) => state !== 'answered');
      if (touch.state === 'planned' && touch.dueAt <= end) return [`${touch.id} is still planned`];
      if (touch.state !== 'deferred') return [];
      return last?.until && last.until > end ? [] : [`${touch.id} is deferred to nowhere`];
    });

/** An agreed call is planned for exactly the agreed hour of the customer's day. */
export const everyAgreedCallIsPlanned: Rule = (month) =>
  month.deeds.flatMap((deed) => {
    if (deed.kind !== 'later' || !deed.call) return [];
    const calls = month.touches.filter(
      ({ customerId, campaignId, step, dueAt }) =>
        customerId === deed.customerId &&
        campaignId === conversations &&
        step === 1 &&
        dueAt.getTime() === deed.due.getTime(),
    );
    return calls.length === 1
      ? []
      : [`${deed.customerId}: ${calls.length} calls at the agreed time`];
  });

export function changes(
  touches: readonly Touch[],
  ...states: readonly string[]
): { touch: Touch; change: Change }[] {
  return touches.flatMap((touch) =>
    touch.history
      .filter(({ state }) => states.includes(state))
      .map((change) => ({ touch, change })),
  );
}

function tell({ id, customerId }: Touch, { at, state, reason }: Change): string {
  return `${customerId}: touch ${id} ${state} as ${reason} at ${at.toISOString()}`;
}
