import { addDays, instantOf, localTime } from './local-time.ts';
import { conversations, deedsOf, ladderDay, zoneOf, type Month, type Sent } from './month.ts';

/** What must never happen, each rule as the list of its violations. The product's own functions have no say here. */
export type Rule = (month: Month) => string[];

const QUIET_FROM = 21 * 60;
const QUIET_TO = 9 * 60;
const CAP = 3;
export const CAP_WINDOW_MS = 14 * 86_400_000;

export function isQuiet(at: Date, zone: string): boolean {
  const { minutes } = localTime(at, zone);
  return minutes >= QUIET_FROM || minutes < QUIET_TO;
}

/** The end of the quiet hours that `at` lies in. */
export function endOfQuiet(at: Date, zone: string): Date {
  const { day, minutes } = localTime(at, zone);
  return instantOf(minutes < QUIET_TO ? day : addDays(day, 1), QUIET_TO, zone);
}

export const noneInQuietHours: Rule = (month) =>
  month.sent
    .filter(({ customerId, at }) => isQuiet(at, zoneOf(month, customerId, at)))
    .map(
      (sent) => `${tell(sent)} within quiet hours of ${zoneOf(month, sent.customerId, sent.at)}`,
    );

export const noneAboveCap: Rule = ({ sent }) =>
  [...Map.groupBy(sent, ({ customerId }) => customerId).values()].flatMap((all) =>
    all
      .filter((first) => {
        const windowEnd = first.at.getTime() + CAP_WINDOW_MS;
        return all.filter(({ at }) => at >= first.at && at.getTime() < windowEnd).length > CAP;
      })
      .map((first) => `more than ${CAP} in the 14 days from ${tell(first)}`),
  );

export const noneAfterPurchase: Rule = (month) =>
  month.sent.flatMap((sent) => {
    if (sent.campaignId === conversations) return [];
    const day = ladderDay(month, sent);
    if (day === undefined) return [`${tell(sent)} hangs on no purchase that was posted`];
    return deedsOf(month, sent.customerId, 'purchase')
      .filter((purchase) => purchase.at < sent.at && purchase.day > day)
      .slice(0, 1)
      .map((purchase) => `${tell(sent)} of ${day} after a purchase of ${purchase.day}`);
  });

/** Silent until the agreed hour, unless a purchase or another answer ended the agreement. */
export const noneBeforeAgreedTime: Rule = (month) =>
  month.deeds.flatMap((later) => {
    if (later.kind !== 'later') return [];
    const end = deedsOf(month, later.customerId, 'purchase', 'later')
      .filter(({ at }) => at > later.at)
      .reduce((first, { at }) => (at < first ? at : first), later.due);
    return between(month, later.customerId, later.at, end).map(
      (sent) => `${tell(sent)} before the agreed ${later.due.toISOString()}`,
    );
  });

export const noneAfterStop: Rule = (month) =>
  month.deeds.flatMap((stop) =>
    stop.kind === 'stop'
      ? between(month, stop.customerId, stop.at, new Date(8.64e15)).map(
          (sent) => `${tell(sent)} after the stop of ${stop.at.toISOString()}`,
        )
      : [],
  );

/** `no` ends the ladder that was answered; `yes` and `later` end all that ran then. */
export const noneOfEndedLadders: Rule = (month) =>
  month.deeds.flatMap((answer) => {
    if (answer.kind !== 'no' && answer.kind !== 'yes' && answer.kind !== 'later') return [];
    const answered = month.touches.find(({ id }) => id === answer.touchId);
    const ran = new Set(
      month.touches
        .filter((touch) => touch.customerId === answer.customerId)
        .filter((touch) => answer.kind !== 'no' || (answered && ladder(touch) === ladder(answered)))
        .filter(({ history }) => history.some(({ at }) => at <= answer.at))
        .filter(({ campaignId }) => campaignId !== conversations)
        .map(ladder),
    );
    return between(month, answer.customerId, answer.at, new Date(8.64e15))
      .filter((sent) => ran.has(ladder(sent)))
      .map((sent) => `${tell(sent)} after "${answer.kind}" of ${answer.at.toISOString()}`);
  });

export const noMailWithoutConsent: Rule = (month) =>
  month.deeds.flatMap((deed) =>
    deed.kind === 'withdrew-email'
      ? between(month, deed.customerId, deed.at, new Date(8.64e15))
          .filter(({ channel }) => channel === 'email')
          .map((sent) => `${tell(sent)} by mail after consent was withdrawn`)
      : [],
  );

/** By the product's own key, by the day of the purchase behind it, and by the touch itself. */
export const noneTwice: Rule = (month) => {
  const { sent } = month;
  const keys = sent.flatMap((one) => [
    one.touchId,
    [one.customerId, one.campaignId, one.step, one.cycle].join(' '),
    [one.customerId, one.campaignId, one.step, ladderDay(month, one) ?? one.cycle].join(' on '),
  ]);
  return [...Map.groupBy(keys, (key) => key)]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => `sent ${same.length} times: ${key}`);
};

function between({ sent }: Month, customerId: string, after: Date, before: Date): Sent[] {
  return sent.filter((one) => one.customerId === customerId && one.at > after && one.at < before);
}

function ladder({ campaignId, cycle }: { readonly campaignId: string; readonly cycle: string }) {
  return `${campaignId} ${cycle}`;
}

function tell({ customerId, campaignId, step, channel, at }: Sent): string {
  return `${customerId}: step ${step} of ${campaignId.slice(-6)} (${channel}) at ${at.toISOString()}`;
}
