import { problemBody, type ProblemBody, type ProblemError } from './problem-error.js';

/** What became of one item of a batch, in the order of the request. */
export interface BatchItem {
  readonly index: number;
  readonly status: 'created' | 'unchanged' | 'rejected';
  readonly id?: string;
  readonly problem?: ProblemBody;
}

export function rejected(index: number, problem: ProblemError): BatchItem {
  return { index, status: 'rejected', problem: problemBody(problem) };
}

/** 200 when every item was accepted, 207 otherwise. */
export function batchStatus(items: readonly BatchItem[]): 200 | 207 {
  return items.some((item) => item.status === 'rejected') ? 207 : 200;
}
