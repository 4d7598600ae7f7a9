import type { Stream } from '@regulars/contracts';
import { topicByName } from '@regulars/contracts';
import { RegularsError, toError } from '@regulars/kernel';
import type { Database, Transaction } from '@regulars/persistence';
import type { Outcome } from './batch-handler.js';
import type { RunHandler } from './consumer-settings.js';
import { consumerStore } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import { cleanText, reasonOf } from './error-class.js';
import { LogUnavailable } from './errors.js';
import type { EventLog, LogRecord } from './event-log.js';
import { decodeRecord } from './record-decoder.js';
import { readAgain, recordOf, type Letter } from './stored-event.js';

export type RedriveResult =
  | { readonly id: number; readonly result: 'redriven'; readonly followed?: number }
  | { readonly id: number; readonly result: 'not-dead' }
  | { readonly id: number; readonly result: 'failed'; readonly reason: string };

export interface RedriveOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  /** Where bodies that are not kept here are read again. */
  readonly log: EventLog | null;
  /** Who asked, for the record. */
  readonly by: string;
}

/** An earlier event of the key is dead or waits. */
class OutOfTurn extends RegularsError {
  constructor(first: number) {
    super('behind-another', `Redrive or discard ${String(first)} first.`);
  }
}

/**
 * Sends one dead letter through its own consumer again, and after it those that waited behind it. "Once" comes from
 * the dead-letter row, locked here, not from the inbox, which later events of the key have moved on.
 */
export async function redrive(id: number, options: RedriveOptions): Promise<RedriveResult> {
  const letter = await deadLetterStore(options.database, options.group).find(id);
  if (letter?.state !== 'dead') return { id, result: 'not-dead' };
  try {
    const record = await bodyOf(letter, options.log);
    const redriven = await options.database.withTransaction(async (tx) => {
      await lockPartition(tx, letter, options);
      if (!(await deadLetterStore(tx, options.group).lockDead(id))) return false;
      await refuseOutOfTurn(tx, letter, options);
      await goThrough(tx, letter, record, { ...options, from: 'dead-lettered' });
      return true;
    });
    if (!redriven) return { id, result: 'not-dead' };
    const followed = await drain(letter, options);
    return { id, result: 'redriven', ...(followed > 0 ? { followed } : {}) };
  } catch (thrown) {
    if (thrown instanceof OutOfTurn) return { id, result: 'failed', reason: thrown.code };
    return { id, result: 'failed', reason: await note(letter, thrown, options) };
  }
}

/** Takes a dead letter off the list for good; what waited behind it goes through. False: it is not dead. */
export async function discard(id: number, options: RedriveOptions): Promise<boolean> {
  const letter = await deadLetterStore(options.database, options.group).find(id);
  if (!letter) return false;
  const discarded = await options.database.withTransaction(async (tx) => {
    await lockPartition(tx, letter, options);
    const store = deadLetterStore(tx, options.group);
    if (!(await store.lockDead(id))) return false;
    await store.settle(id, 'discarded', options.by);
    const counts = new Map<Outcome, number>([
      ['dead-lettered', -1],
      ['discarded', 1],
    ]);
    await consumerStore(tx, options.group).count(letter, counts);
    return true;
  });
  if (discarded) await drain(letter, options);
  return discarded;
}

/**
 * Lets those that wait go through, in order, each in a transaction of its own, until none is left or one is dead. Under
 * the partition's lock: no batch parks another one between the last look and its end.
 */
async function drain(behind: Letter, options: RedriveOptions): Promise<number> {
  const { key, topic } = behind;
  if (key === null || !parks(topic, options)) return 0;
  for (let followed = 0; ; followed += 1) {
    const [next] = await options.database.withTransaction(async (tx) => {
      const first = await deadLetterStore(tx, options.group).lockFirstOpen(topic, key);
      return first?.state === 'parked' ? [first] : [];
    });
    if (!next) return followed;
    try {
      const record = await bodyOf(next, options.log);
      await options.database.withTransaction(async (tx) => {
        await lockPartition(tx, next, options);
        const first = await deadLetterStore(tx, options.group).lockFirstOpen(topic, key);
        if (first?.id !== next.id) return;
        await goThrough(tx, next, record, { ...options, from: 'parked' });
      });
    } catch (thrown) {
      await note(next, thrown, options);
      return followed;
    }
  }
}

/** Goes on where a drain was cut off, by a crash for one: what waits with nothing dead before it. */
export async function drainWaiting(options: RedriveOptions): Promise<void> {
  const waiting = await deadLetterStore(options.database, options.group).waitingFirst();
  for (const letter of waiting) await drain(letter, options);
}

async function goThrough(
  tx: Transaction,
  letter: Letter,
  record: LogRecord | null,
  { group, handlers, by, from }: RedriveOptions & { from: 'dead-lettered' | 'parked' },
): Promise<void> {
  let outcome: Outcome = record === null ? 'superseded' : 'applied';
  const decoded = record && decodeRecord(record);
  if (decoded?.kind === 'undecodable' || decoded?.kind === 'later-version') throw decoded.error;
  const stream = topicByName(letter.topic)?.stream;
  const handler = stream === undefined ? undefined : handlers.get(stream);
  if (decoded?.kind === 'event' && handler) {
    await handler([decoded.event], {
      ...tx,
      group,
      // One that waited is new to the inbox, unless it came twice.
      redriving: from === 'dead-lettered',
      note: (noted, count) => {
        if (count > 0) outcome = noted;
      },
    });
  } else if (decoded) {
    outcome = 'not-consumed';
  }
  const counts = new Map<Outcome, number>([[from, -1]]);
  counts.set(outcome, 1);
  await consumerStore(tx, group).count(letter, counts);
  await deadLetterStore(tx, group).settle(letter.id, 'redriven', by);
}

/** First in the lock order: a batch of this partition waits, and parks nothing meanwhile. */
async function lockPartition(tx: Transaction, at: Letter, options: RedriveOptions): Promise<void> {
  await consumerStore(tx, options.group).lockPositions(at.topic, [at.partition]);
}

async function refuseOutOfTurn(
  tx: Transaction,
  { id, key, topic }: Letter,
  options: RedriveOptions,
): Promise<void> {
  if (key === null || !parks(topic, options)) return;
  const first = await deadLetterStore(tx, options.group).lockFirstOpen(topic, key);
  if (first !== undefined && first.id !== id) throw new OutOfTurn(first.id);
}

function parks(topic: string, { handlers }: RedriveOptions): boolean {
  const stream = topicByName(topic)?.stream;
  return stream !== undefined && handlers.get(stream)?.parks === true;
}

async function bodyOf(letter: Letter, log: EventLog | null): Promise<LogRecord | null> {
  const kept = recordOf(letter);
  if (kept) return kept;
  if (!log) throw new LogUnavailable('There is no log to read it again.');
  return readAgain(log, letter);
}

/** It stays, or becomes, dead, with one more attempt. */
async function note(letter: Letter, thrown: unknown, options: RedriveOptions): Promise<string> {
  const error = toError(thrown);
  const reason = reasonOf(error);
  await options.database.withTransaction(async (tx) => {
    const store = deadLetterStore(tx, options.group);
    await store.failedAgain(letter.id, { reason, errorText: cleanText(error), attempts: 1 });
    if (letter.state !== 'parked') return;
    await store.bury(letter.id);
    const counts = new Map<Outcome, number>([
      ['parked', -1],
      ['dead-lettered', 1],
    ]);
    await consumerStore(tx, options.group).count(letter, counts);
  });
  return reason;
}
