import type { Channel } from '@regulars/contracts';
import type { RenderedMessage } from '../templates/template.js';

/** Whether a send whose end nobody saw may be repeated: only where the other side drops what it has seen. */
export type SendPolicy = 'at-most-once' | 'at-least-once';

/** `capture`: rendered and stored, counts as sent, nothing leaves. `live`: the channel's own client is called. */
export type ChannelMode = 'capture' | 'live';

/** Why a send certainly did not happen. */
export const failureReasons = [
  'not-configured',
  'no-address',
  'unsafe-content',
  'host-not-found',
  'connection-refused',
  'connect-timeout',
  'connection-lost',
  'tls-failed',
  'sign-in-refused',
  'address-not-allowed',
  'redirect-refused',
  'throttled',
  'refused-for-now',
  'provider-error',
  'address-refused',
  'content-refused',
  'refused',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Why nobody knows whether a send happened. */
export const unknownReasons = [
  'answer-timeout',
  'connection-broken',
  'answer-not-understood',
  'died-while-sending',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

export type SendResult =
  | { readonly kind: 'sent'; readonly reference?: string }
  | {
      readonly kind: 'failed';
      readonly final: boolean;
      readonly reason: FailureReason;
      /** The other side's own wish (Retry-After), where it has one. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** Whom a message is for. A webhook goes to the company's own system, so it needs no address. */
export interface Recipient {
  readonly customerId: string;
  readonly name?: string;
  readonly email?: string;
}

export interface OutgoingMessage extends RenderedMessage {
  /** The touch's id: the same on every attempt, so that the other side can drop repeats. */
  readonly sendKey: string;
  readonly to: Recipient;
  /** Set only where the link really works: both RFC 8058 headers are made from it. */
  readonly unsubscribeUrl?: string;
}

/** One way out of the house. `send` never throws for what a provider or a network does. */
export interface OutgoingChannel {
  readonly channel: Channel;
  readonly policy: SendPolicy;
  /** Whether it has what it needs to send; until then touches are captured. */
  configured(): boolean;
  send(message: OutgoingMessage): Promise<SendResult>;
  /** Lets go of idle connections at the end of the process. */
  close?(): void;
}

/** Whether the same touch may be tried again with the same key after this result. */
export function mayRepeat(result: SendResult, policy: SendPolicy): boolean {
  if (result.kind === 'failed') return !result.final;
  return result.kind === 'unknown' && policy === 'at-least-once';
}

export const sent = (reference?: string): SendResult =>
  reference === undefined ? { kind: 'sent' } : { kind: 'sent', reference };

export const failedForNow = (reason: FailureReason, retryAfterMs?: number): SendResult =>
  retryAfterMs === undefined
    ? { kind: 'failed', final: false, reason }
    : { kind: 'failed', final: false, reason, retryAfterMs };

export const failedForGood = (reason: FailureReason): SendResult => ({
  kind: 'failed',
  final: true,
  reason,
});

export const unknown = (reason: UnknownReason): SendResult => ({ kind: 'unknown', reason });
