import type { Channel, ConsentState } from '@regulars/contracts';
import { allows } from '../customers/consent.js';
import { nextRoom, type FrequencyCap } from './frequency-cap.js';
import { nextFree, type QuietHours } from './quiet-hours.js';
import type { DeferReason, SkipReason } from './reasons.js';

export type Verdict =
  | { readonly kind: 'send'; readonly channel: Channel }
  | { readonly kind: 'defer'; readonly reason: DeferReason; readonly until: Date }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

export interface JudgedTouch {
  readonly purpose: string;
  /** Channels in the order of preference. */
  readonly channels: readonly Channel[];
  /** When the next step is due or the cycle is over: a touch cannot wait beyond it. */
  readonly expiresAt: Date;
  /** Touches that fulfil an agreement are not silenced by it. */
  readonly fulfilsAgreement: boolean;
}

/** What is known about the customer in the transaction that reserves the touch. */
export interface CustomerFacts {
  readonly timeZone: string;
  readonly consents: readonly ConsentState[];
  readonly lastStopAt?: Date;
  /** A stop that the consent record does not show yet: no touch at all. */
  readonly stopStanding: boolean;
  readonly agreedUntil?: Date;
  /** Channels on which an address is known. */
  readonly reachable: ReadonlySet<Channel>;
  readonly touchedAt: readonly Date[];
  /** A consent event of this customer was set aside: nobody knows what it says. */
  readonly consentUnknown: boolean;
}

export interface Guardrails {
  readonly quietHours: QuietHours;
  readonly frequencyCap: FrequencyCap;
  readonly campaignPaused: boolean;
  /** This service is behind on purchases or consents: what it knows may be out of date. */
  readonly behind: boolean;
}

const HOUR_MS = 3_600_000;

/** What the guardrails say about one touch at one moment. Pure: every fact is an argument, time included. */
export function judgeTouch(
  touch: JudgedTouch,
  facts: CustomerFacts,
  rules: Guardrails,
  now: Date,
): Verdict {
  if (facts.stopStanding) return skip('stopped');
  const verdict = judgeOpen(touch, facts, rules, now);
  if (verdict.kind === 'defer' && verdict.until >= touch.expiresAt) return skip(verdict.reason);
  return verdict;
}

function judgeOpen(
  touch: JudgedTouch,
  facts: CustomerFacts,
  rules: Guardrails,
  now: Date,
): Verdict {
  if (rules.behind) return defer('behind', later(now, HOUR_MS / 6));
  if (facts.consentUnknown) return defer('consent-unknown', later(now, HOUR_MS));
  if (rules.campaignPaused) return defer('campaign-paused', later(now, 24 * HOUR_MS));
  if (facts.agreedUntil && facts.agreedUntil > now && !touch.fulfilsAgreement)
    return defer('agreement', facts.agreedUntil);

  const allowed = touch.channels.filter((channel) =>
    allows(facts.consents, channel, touch.purpose, facts.lastStopAt),
  );
  if (allowed.length === 0) return skip('no-consent');
  const channel = allowed.find((candidate) => facts.reachable.has(candidate));
  if (channel === undefined) return skip('no-address');

  const free = nextFree(rules.quietHours, now, facts.timeZone);
  if (free > now) return defer('quiet-hours', free);

  // The cap ends at some hour of some day: what it defers to must itself be outside the quiet hours.
  const room = nextRoom(rules.frequencyCap, facts.touchedAt, now);
  if (room > now) return defer('frequency-cap', nextFree(rules.quietHours, room, facts.timeZone));

  return { kind: 'send', channel };
}

export const skip = (reason: SkipReason): Verdict => ({ kind: 'skip', reason });
export const defer = (reason: DeferReason, until: Date): Verdict => ({
  kind: 'defer',
  reason,
  until,
});
const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
