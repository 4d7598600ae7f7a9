import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { tablesOf } from '@regulars/service';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { campaigns } from '../campaigns.js';
import type { TouchState } from '../touches/touch.js';
import { sendStore } from './send.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ service: 'campaigns', ...tablesOf(campaigns) });
});
afterAll(() => db.drop());

describe('a lease', () => {
  const lease = async (limit: number): Promise<string[]> =>
    (await db.withTransaction((tx) => sendStore(tx).lease(limit))).map(({ id }) => id);

  it('takes the touches that have waited longest, and leaves those of others until theirs runs out', async () => {
    const [newest, oldest, middle] = [await aTouch(1), await aTouch(3), await aTouch(2)];

    expect(await lease(1)).toEqual([oldest]);
    expect(await lease(10)).toEqual([middle, newest]);
    expect(await lease(10)).toEqual([]);
    await db.query(sql`
      update touches set leased_until = clock_timestamp() - interval '1 second' where id = ${middle}`);
    expect(await lease(10)).toEqual([middle]);
  });

  it('is over when it is handed back, except that of a touch that was reserved meanwhile', async () => {
    const [unused, reserved] = [await aTouch(2), await aTouch(1)];
    expect(await lease(10)).toEqual([unused, reserved]);
    await db.withTransaction((tx) =>
      sendStore(tx).reserve([{ id: reserved, channel: 'email', templateUsed: 'x/1' }], new Date()),
    );

    await sendStore(db).handBack([unused, reserved]);

    expect(await lease(10)).toEqual([unused]);
    const [row] = await db.query<{ leased: boolean }>(sql`
      select leased_until > clock_timestamp() as leased from touches where id = ${reserved}`);
    expect(row).toEqual({ leased: true });
  });

  it('does not wait for touches that another is leasing', async () => {
    const id = await aTouch(1);
    await db.withTransaction(async (tx) => {
      expect(await sendStore(tx).lease(10)).toEqual([expect.objectContaining({ id })]);
      expect(await lease(10)).toEqual([]);
    });
  });

  /** One that has been ready for so many minutes. */
  const aTouch = (minutes: number): Promise<string> =>
    insertTouch('planned', new Date(Date.now() - minutes * 60_000));
});

describe('a leased touch', () => {
  it.each([
    ['was moved to another day', sql`update touches set ready_at = null`],
    ['was stopped', sql`update touches set state = 'cancelled'`],
  ])('does not leave when it %s meanwhile', async (_, change) => {
    const id = await insertTouch('planned', new Date());
    await db.withTransaction((tx) => sendStore(tx).lease(100));
    const found = () => db.withTransaction((tx) => sendStore(tx).ready([id]));
    expect(await found()).toHaveLength(1);
    await db.query(sql`${change} where id = ${id}`);

    expect(await found()).toEqual([]);
    const reservation = { id, channel: 'email', templateUsed: 'x/1' } as const;
    const reserved = db.withTransaction((tx) => sendStore(tx).reserve([reservation], new Date()));
    expect(await reserved).toEqual([]);
  });
});

describe('a touch that is being sent', () => {
  it('is not taken for given up before its lease has run out', async () => {
    const id = await aSend();
    const givenUp = () =>
      db.withTransaction(async (tx) => ({
        expired: (await sendStore(tx).expired(100)).map((touch) => touch.id),
        still: (await sendStore(tx).stillExpired([id])).map((touch) => touch.id),
      }));

    expect(await givenUp()).toEqual({ expired: [], still: [] });
    await db.query(sql`update touches set leased_until = clock_timestamp() where id = ${id}`);
    expect(await givenUp()).toEqual({ expired: [id], still: [id] });
  });

  it.each([
    ['keeps when it was sent, where it counts', true],
    ['forgets when it was sent, where a provider certainly refused it', false],
  ])('%s', async (_, counts) => {
    const id = await aSend();
    const [touch] = await db.withTransaction((tx) =>
      sendStore(tx).settle([{ id, state: 'sent', reason: 'accepted', counts }]),
    );
    expect(touch?.sentAt !== null).toBe(counts);
  });

  async function aSend(): Promise<string> {
    const id = await insertTouch('planned', new Date());
    await db.withTransaction((tx) =>
      sendStore(tx).reserve([{ id, channel: 'email', templateUsed: 'x/1' }], new Date()),
    );
    return id;
  }
});

describe('of two transactions at one touch', () => {
  it.each<[string, TouchState, (tx: Transaction, id: string) => Promise<unknown[]>]>([
    [
      'settles',
      'sending',
      (tx, id) => sendStore(tx).settle([{ id, state: 'sent', reason: 'accepted', counts: true }]),
    ],
    [
      'reserves',
      'planned',
      (tx, id) =>
        sendStore(tx).reserve([{ id, channel: 'email', templateUsed: 'x/1' }], new Date()),
    ],
  ])('one %s it, the other finds it done', async (_, state, move) => {
    const id = await insertTouch(state, state === 'planned' ? new Date() : null);
    const { second } = await db.withTransaction(async (tx) => {
      await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      expect(await move(tx, id)).toHaveLength(1);
      // It begins before the first has committed, and so reads the touch as it was.
      const waiting = db.withTransaction((other) => move(other, id));
      await eventually(() => someoneWaitsFor(own?.pid ?? 0));
      return { second: waiting };
    });

    expect(await second).toEqual([]);
  });

  async function someoneWaitsFor(pid: number): Promise<boolean> {
    const waiting = await db.query(sql`
      select pid from pg_stat_activity where ${pid}::int = any(pg_blocking_pids(pid))`);
    return waiting.length === 1;
  }
});

async function insertTouch(state: TouchState, readyAt: Date | null): Promise<string> {
  const id = newId();
  await db.query(sql`
    insert into touches (id, customer_id, campaign_id, campaign_version, enrolment_id, step, cycle, directness,
      channel, channels, due_at, expires_at, state, reason, attempts, created_at, ready_at)
    values (${id}, ${newId()}, ${newId()}, 1, ${newId()}, 1, ${newId()}, 'presence',
      'email', '{email}', now(), now(), ${state}, 'due', 0, now(), ${readyAt})`);
  return id;
}
