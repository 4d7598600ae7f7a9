import { sql, type Transaction } from '@regulars/persistence';
import type { LogRecord } from './event-log.js';
import { nameOfKey } from './parking.js';

export type DeadLetterState = 'dead' | 'parked' | 'redriven' | 'discarded';

export interface Failure {
  readonly reason: string;
  readonly errorText: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
}

export interface DeadLetter extends Failure {
  readonly id: number;
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly lastFailedAt: Date;
  readonly state: DeadLetterState;
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
}

export interface StoredRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

const listed = sql`id, consumer, topic, partition, "offset"::text as "offset", reason,
  error_text as "errorText", attempts, first_failed_at as "firstFailedAt",
  last_failed_at as "lastFailedAt", state, settled_at as "settledAt", settled_by as "settledBy"`;

/** Events set aside by a consumer. The row is the truth; the notice on the dead-letter topic is for other eyes. */
export const deadLetterStore = (tx: Pick<Transaction, 'query'>, consumer: string) => ({
  /** `keepBody` is false for personal data: then only the origin is kept, and a redrive reads the log again. */
  async add(record: LogRecord, failure: Failure, keepBody: boolean): Promise<void> {
    await tx.query(sql`
      insert into dead_letters (consumer, topic, partition, "offset", key, value, headers, reason, error_text,
                                attempts, first_failed_at, last_failed_at, state)
      values (${consumer}, ${record.topic}, ${record.partition}, ${record.offset.toString()}::bigint,
              ${record.key === null ? null : Buffer.from(record.key)}::bytea,
              ${keepBody && record.value !== null ? Buffer.from(record.value) : null}::bytea,
              ${headersOf(record)}::jsonb, ${failure.reason}, ${failure.errorText}, ${failure.attempts},
              ${failure.firstFailedAt}, now(), 'dead')
      on conflict on constraint dead_letters_origin
      do update set attempts = dead_letters.attempts + excluded.attempts, last_failed_at = now(),
                    reason = excluded.reason, error_text = excluded.error_text`);
  },

  /** Sets events aside behind the dead one of their key. One that waits there already is not taken twice. */
  async park(records: readonly LogRecord[], keepBody: boolean): Promise<void> {
    if (records.length === 0) return;
    await tx.query(sql`
      insert into dead_letters (consumer, topic, partition, "offset", key, value, headers, reason, error_text,
                                attempts, first_failed_at, last_failed_at, state)
      select ${consumer}, topic, partition, "offset", key, value, headers, 'waits', '', 0, now(), now(), 'parked'
      from unnest(${records.map(({ topic }) => topic)}::text[],
                  ${records.map(({ partition }) => partition)}::int[],
                  ${records.map(({ offset }) => offset.toString())}::bigint[],
                  ${records.map(({ key }) => (key === null ? null : Buffer.from(key)))}::bytea[],
                  ${records.map(({ value }) => (keepBody && value !== null ? Buffer.from(value) : null))}::bytea[],
                  ${records.map(headersOf)}::jsonb[])
        as waiting (topic, partition, "offset", key, value, headers)
      order by "offset"
      on conflict on constraint dead_letters_origin do update set last_failed_at = now()`);
  },

  /** Of these keys the ones with an event that is dead or waits, by name. */
  async blockedKeys(topic: string, keys: readonly Uint8Array[]): Promise<Set<string>> {
    const rows = await tx.query<{ key: Buffer }>(sql`
      select distinct key from dead_letters
      where consumer = ${consumer} and topic = ${topic} and state in ('dead', 'parked')
        and key = any(${keys.map((key) => Buffer.from(key))}::bytea[])`);
    return new Set(rows.map(({ key }) => nameOfKey(key)));
  },

  /** Locks the first event of a key that is dead or waits: nothing behind it goes through before it. */
  async lockFirstOpen(
    topic: string,
    key: Uint8Array,
  ): Promise<(DeadLetter & StoredRecord) | undefined> {
    const [row] = await tx.query<DeadLetter & StoredRecord>(sql`
      select ${listed}, key, value, headers from dead_letters
      where consumer = ${consumer} and topic = ${topic} and key = ${Buffer.from(key)}::bytea
        and state in ('dead', 'parked')
      order by "offset" limit 1 for update`);
    return row;
  },

  /** Of each key that waits with nothing dead before it, the first. */
  async waitingFirst(): Promise<(DeadLetter & StoredRecord)[]> {
    return tx.query<DeadLetter & StoredRecord>(sql`
      select ${listed}, key, value, headers from (
        select distinct on (topic, key) * from dead_letters
        where consumer = ${consumer} and state in ('dead', 'parked') and key is not null
        order by topic, key, "offset") as first
      where state = 'parked' limit 100`);
  },

  /** One that waited failed when its turn came. */
  async bury(id: number): Promise<void> {
    await tx.query(
      sql`update dead_letters set state = 'dead' where consumer = ${consumer} and id = ${id}`,
    );
  },

  async find(id: number): Promise<(DeadLetter & StoredRecord) | undefined> {
    const [row] = await tx.query<DeadLetter & StoredRecord>(sql`
      select ${listed}, key, value, headers from dead_letters
      where consumer = ${consumer} and id = ${id}`);
    return row;
  },

  async list(state: DeadLetterState, after: number, limit: number): Promise<DeadLetter[]> {
    return tx.query<DeadLetter>(sql`
      select ${listed} from dead_letters
      where consumer = ${consumer} and state = ${state} and id > ${after} order by id limit ${limit}`);
  },

  /** Locks one dead row for its redrive; undefined when it is settled or somebody else redrives it now. */
  async lockDead(id: number): Promise<(DeadLetter & StoredRecord) | undefined> {
    const [row] = await tx.query<DeadLetter & StoredRecord>(sql`
      select ${listed}, key, value, headers from dead_letters
      where consumer = ${consumer} and id = ${id} and state = 'dead' for update skip locked`);
    return row;
  },

  async settle(id: number, state: 'redriven' | 'discarded', by: string): Promise<void> {
    await tx.query(sql`
      update dead_letters set state = ${state}, settled_at = now(), settled_by = ${by}
      where consumer = ${consumer} and id = ${id}`);
  },

  async failedAgain(id: number, failure: Omit<Failure, 'firstFailedAt'>): Promise<void> {
    await tx.query(sql`
      update dead_letters set attempts = attempts + ${failure.attempts}, reason = ${failure.reason},
             error_text = ${failure.errorText}, last_failed_at = now()
      where consumer = ${consumer} and id = ${id}`);
  },

  async standing(): Promise<{ count: number; oldest: Date | null }> {
    const [row] = await tx.query<{ count: number; oldest: Date | null }>(sql`
      select count(*) as count, min(first_failed_at) as oldest
      from dead_letters where consumer = ${consumer} and state in ('dead', 'parked')`);
    return row ?? { count: 0, oldest: null };
  },
});

function headersOf({ headers }: LogRecord): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
  );
}
