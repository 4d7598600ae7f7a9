import type { AnswerKind } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import type { EndReason } from '../enrolments/enrolment.js';

export const whoActs = ['they-come', 'we-call', 'they-call'] as const;
export type WhoActs = (typeof whoActs)[number];

/** What came back from a customer. */
export interface Answer {
  readonly kind: AnswerKind;
  /** For `no`: a code of the company. */
  readonly reason?: string;
  /** The customer's words; they stay in this service. */
  readonly note?: string;
  /** For `later`. */
  readonly agreement?: { readonly day: Day; readonly hour: number; readonly whoActs: WhoActs };
}

/** How an answer ends ladders: the one that was answered, or all that the customer walks; undefined = it goes on. */
export function endingOf(
  kind: AnswerKind,
): { readonly reason: EndReason; readonly all: boolean } | undefined {
  switch (kind) {
    case 'bought':
      return { reason: 'answered-bought', all: true };
    case 'yes':
      return { reason: 'answered-yes', all: true };
    case 'later':
      return { reason: 'agreement', all: true };
    case 'no':
      return { reason: 'answered-no', all: false };
    case 'stop':
      return { reason: 'stopped', all: true };
    case 'not-reached':
      return undefined;
  }
}

/** Repeating these means nothing new; the others may be said again with another content. */
export function isRepetition(before: AnswerKind | null, kind: AnswerKind): boolean {
  return before === kind && kind !== 'later' && kind !== 'not-reached';
}
