import { addDays, instantAt, type Day } from '@regulars/kernel';
import type { WhoActs } from '../answers/answer.js';

export type AgreementState = 'open' | 'kept' | 'broken' | 'replaced';

export interface Agreement {
  readonly id: string;
  readonly customerId: string;
  readonly touchId: string;
  readonly day: Day;
  readonly hour: number;
  readonly whoActs: WhoActs;
  readonly state: AgreementState;
  readonly madeAt: Date;
  /** Everything else is silent until then. */
  readonly dueAt: Date;
}

/** A call that was agreed may slip so many days past its day before it is given up. */
export const callMayWaitDays = 7;

/** A day of grace after the agreed hour; what has not happened by then is broken. */
export function graceEnd({ day, hour }: Pick<Agreement, 'day' | 'hour'>, timeZone: string): Date {
  return instantAt(addDays(day, 1), hour * 60, timeZone);
}
