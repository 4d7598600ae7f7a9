import type { AnswerKind } from '@regulars/contracts';

/** `touch`: a step done by a person. `book`: somebody said yes. `agreed`: somebody agreed on a day and did not come. */
export type TaskKind = 'touch' | 'book' | 'agreed';
export const taskStates = ['open', 'done', 'closed'] as const;
export type TaskState = (typeof taskStates)[number];

/** Work for a person: who, what to say, by when, and what came of it. */
export interface Task {
  readonly id: string;
  readonly customerId: string;
  readonly touchId: string | null;
  readonly kind: TaskKind;
  readonly script: string;
  readonly dueAt: Date;
  readonly state: TaskState;
  readonly attempt: number;
  readonly outcome: AnswerKind | 'done' | null;
  readonly note: string | null;
  readonly doneAt: Date | null;
}

export type NewTask = Pick<
  Task,
  'id' | 'customerId' | 'touchId' | 'kind' | 'script' | 'dueAt' | 'attempt'
>;
