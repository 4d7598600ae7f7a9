import { setImmediate } from 'node:timers/promises';
import { invalidRequest, ProblemError, UnreadableItem } from '@regulars/http';
import { err, type Result } from '@regulars/kernel';
import { maxBatchItems } from './batch-request.js';
import type { Refusal } from './refusal.js';

/** The items of a batch body; what each of them is, is judged one by one. */
export function batchItems(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest([{ pointer: '', code: 'type', message: 'Send { "items": [...] }.' }]);
  }
  const unknown = Object.keys(body).filter((name) => name !== 'items');
  if (unknown.length > 0) {
    throw invalidRequest(
      unknown.map((name) => ({
        pointer: `/${name}`,
        code: 'unknown-field',
        message: `/${name} is no field of a batch.`,
      })),
    );
  }
  const { items } = body as { items?: unknown };
  if (!Array.isArray(items)) {
    throw invalidRequest([{ pointer: '/items', code: 'type', message: '/items must be a list.' }]);
  }
  if (items.length > maxBatchItems) {
    throw new ProblemError({
      status: 413,
      code: 'too-many-items',
      title: 'The batch has too many items',
      detail: `Send at most ${String(maxBatchItems)} items in one batch; this one has ${String(items.length)}.`,
    });
  }
  return items;
}

const chunkSize = 100;

/** Reads the items with pauses between: a thousand phone numbers take long enough for others to notice. */
export async function readInChunks<Item>(
  items: readonly unknown[],
  read: (item: unknown) => Result<Item, Refusal>,
): Promise<Result<Item, Refusal>[]> {
  const outs: Result<Item, Refusal>[] = [];
  for (let start = 0; start < items.length; start += chunkSize) {
    if (start > 0) await setImmediate();
    const chunk = items.slice(start, start + chunkSize);
    outs.push(
      ...chunk.map((item) => (item instanceof UnreadableItem ? refusalOf(item) : read(item))),
    );
  }
  return outs;
}

function refusalOf({ problem }: UnreadableItem): Result<never, Refusal> {
  const { detail, errors } = problem;
  return err({ status: 400, code: 'invalid-request', detail, ...(errors && { errors }) });
}
