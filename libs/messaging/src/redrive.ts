import type { Stream } from '@regulars/contracts';
import { topicByName } from '@regulars/contracts';
import { RegularsError, toError } from '@regulars/kernel';
import type { Database, Transaction } from '@regulars/persistence';
import type { Outcome } from './batch-handler.js';
import type { RunHandler } from './batch-processor.js';
import { consumerStore } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import { cleanText, reasonOf } from './error-class.js';
import { decodeRecord } from './record-decoder.js';

export type RedriveResult =
  | { readonly id: number; readonly result: 'redriven' }
  | { readonly id: number; readonly result: 'not-dead' }
  | { readonly id: number; readonly result: 'failed'; readonly reason: string };

export interface RedriveOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  /** Who asked, for the record. */
  readonly by: string;
}

/**
 * Sends one dead letter through its own consumer again. "Once" comes from the dead-letter row, locked here, not
 * from the inbox, which later events of the key have moved on.
 */
export async function redrive(id: number, options: RedriveOptions): Promise<RedriveResult> {
  try {
    return await options.database.withTransaction((tx) => redriveIn(tx, id, options));
  } catch (thrown) {
    const error = toError(thrown);
    const reason = reasonOf(error);
    await options.database.withTransaction((tx) =>
      deadLetterStore(tx, options.group).failedAgain(id, {
        reason,
        errorText: cleanText(error),
        attempts: 1,
      }),
    );
    return { id, result: 'failed', reason };
  }
}

async function redriveIn(
  tx: Transaction,
  id: number,
  { group, handlers, by }: RedriveOptions,
): Promise<RedriveResult> {
  const store = deadLetterStore(tx, group);
  const letter = await store.lockDead(id);
  if (!letter) return { id, result: 'not-dead' };
  if (letter.value === null && topicByName(letter.topic)?.stream === 'customer-profile') {
    // Decoded as it stands, it would look like a tombstone and take the profile away.
    throw new RegularsError(
      'body-not-kept',
      'The body of a profile event is never kept here. Save the customer again at ingestion, then discard this one.',
    );
  }
  const decoded = decodeRecord({
    ...letter,
    offset: BigInt(letter.offset),
    timestamp: letter.firstFailedAt,
    headers: Object.fromEntries(
      Object.entries(letter.headers).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
  });
  if (decoded.kind === 'undecodable' || decoded.kind === 'later-version') throw decoded.error;
  const stream = topicByName(letter.topic)?.stream;
  const handler = stream === undefined ? undefined : handlers.get(stream);
  const counts = new Map<Outcome, number>([['dead-lettered', -1]]);
  let outcome: Outcome = 'applied';
  if (decoded.kind === 'event' && handler) {
    await handler([decoded.event], {
      ...tx,
      group,
      redriving: true,
      note: (noted, count) => {
        if (count > 0) outcome = noted;
      },
    });
  } else {
    outcome = 'not-consumed';
  }
  counts.set(outcome, 1);
  await consumerStore(tx, group).count(letter, counts);
  await store.settle(id, 'redriven', by);
  return { id, result: 'redriven' };
}
