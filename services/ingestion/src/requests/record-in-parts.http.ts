import { answerWith, idempotentRequest, type HttpRequest } from '@regulars/http';
import type { BatchAnswer } from './batch-request.js';

/** How large the parts of a batch are, and when each may be recorded. */
export interface Pace {
  readonly partSize: () => number;
  readonly next: <T>(work: () => Promise<T>) => Promise<T>;
}

export const atOnce: Pace = { partSize: () => 100, next: (work) => work() };

/**
 * Records a batch in short transactions: each holds the rows of its customers until it ends, and whoever buys meanwhile
 * waits for it. With an `Idempotency-Key` there is one answer to keep, and so one transaction. A failure between two parts
 * answers for all: whoever repeats the batch finds the first ones unchanged.
 */
export async function recordInParts<Item>(
  request: HttpRequest,
  items: readonly Item[],
  { partSize, next }: Pace,
  record: (part: readonly Item[]) => Promise<BatchAnswer>,
): Promise<BatchAnswer> {
  if (idempotentRequest(request) !== undefined || items.length <= partSize())
    return next(() => record(items));
  const answered: BatchAnswer['items'][] = [];
  for (let start = 0; start < items.length;) {
    const part = items.slice(start, start + partSize());
    answered.push((await next(() => record(part))).items);
    start += part.length;
  }
  const entries = answered.flat().map((entry, index) => ({ ...entry, index }));
  const status = entries.some((entry) => entry.status === 'rejected') ? 207 : 200;
  return answerWith(request, { status, body: { items: entries } });
}
