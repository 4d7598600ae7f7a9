import type { SendPolicy, SendResult } from '../channels/channel.js';
import type { TouchState } from '../touches/touch.js';

/** What a provider's answer makes of a touch. */
export type AfterSend =
  | {
      readonly kind: 'settle';
      readonly state: TouchState;
      readonly reason: string;
      readonly counts: boolean;
    }
  | { readonly kind: 'retry'; readonly reason: string; readonly at: Date; readonly counts: boolean }
  | { readonly kind: 'fall-back'; readonly reason: string; readonly channels: readonly string[] };

export interface SendAttempt {
  readonly attempts: number;
  readonly expiresAt: Date;
  /** Channels after the one that was tried. */
  readonly fallbacks: readonly string[];
}

const minute = 60_000;
/** Twice a minute apart, then slower; a webhook's last tries come hours apart, for three days. */
const pauses = [1, 2, 5, 15, 60, 180, 360, 720, 1_440, 1_440].map((minutes) => minutes * minute);
const triesOf: Readonly<Record<SendPolicy, number>> = { 'at-most-once': 5, 'at-least-once': 10 };

/**
 * `sent` and `unknown` count as sent. A certain failure may be tried again with the same key, a bounded number of times;
 * what nobody saw the end of is repeated only where the other side drops repeats. Pure.
 */
export function afterSend(
  result: SendResult,
  policy: SendPolicy,
  attempt: SendAttempt,
  now: Date,
): AfterSend {
  if (result.kind === 'sent')
    return { kind: 'settle', state: 'sent', reason: 'accepted', counts: true };
  const repeatable = result.kind === 'failed' ? !result.final : policy === 'at-least-once';
  if (repeatable) {
    const pause = pauses[attempt.attempts - 1];
    const at = new Date(now.getTime() + (pause ?? 0));
    const inTime = policy === 'at-least-once' || at < attempt.expiresAt;
    if (pause !== undefined && attempt.attempts < triesOf[policy] && inTime)
      return { kind: 'retry', reason: result.reason, at, counts: result.kind === 'unknown' };
  }
  if (result.kind === 'unknown')
    return { kind: 'settle', state: 'unknown', reason: result.reason, counts: true };
  if (attempt.fallbacks.length > 0)
    return { kind: 'fall-back', reason: result.reason, channels: attempt.fallbacks };
  return { kind: 'settle', state: 'failed', reason: result.reason, counts: false };
}
