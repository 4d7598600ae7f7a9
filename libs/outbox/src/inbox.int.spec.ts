import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BatchTransaction } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { inbox, inboxPositions } from './inbox.js';
import { outboxEntities } from './outbox.entity.js';
import { outboxMigrations } from './outbox.migration.js';

const at = (key: string, sequence: number, epoch = 1) => ({
  stream: 'purchase',
  key,
  epoch,
  sequence,
});

describe('inbox', () => {
  let db: TestDatabase;
  let duplicates: number;
  beforeEach(async () => {
    duplicates = 0;
    db = await testDatabase({
      service: 'prediction',
      entities: outboxEntities,
      migrations: outboxMigrations,
    });
  });
  afterEach(() => db.drop());

  async function take(
    events: readonly ReturnType<typeof at>[],
    { redriving = false, group = 'prediction' } = {},
  ): Promise<string[]> {
    const fresh = await db.withTransaction((tx) => {
      const batch: BatchTransaction = {
        ...tx,
        group,
        redriving,
        note: (_, count) => (duplicates += count),
      };
      return inbox(batch).takeFresh(events);
    });
    return fresh.map(({ key, epoch, sequence }) => `${key} ${String(epoch)}.${String(sequence)}`);
  }

  it('takes what is newer of each key, in the order of the batch', async () => {
    expect(await take([at('b', 5), at('a', 1), at('b', 6)])).toEqual(['b 1.5', 'a 1.1', 'b 1.6']);
    expect(await take([at('a', 1), at('b', 6), at('b', 7), at('c', 1)])).toEqual([
      'b 1.7',
      'c 1.1',
    ]);
    expect(duplicates).toBe(2);
  });

  it('drops what a batch repeats within itself', async () => {
    expect(await take([at('a', 2), at('a', 3), at('a', 2), at('a', 3), at('a', 4)])).toEqual([
      'a 1.2',
      'a 1.3',
      'a 1.4',
    ]);
    expect(duplicates).toBe(2);
  });

  it('puts the epoch before the sequence', async () => {
    await take([at('a', 900, 1)]);

    expect(await take([at('a', 2, 2), at('a', 901, 1)])).toEqual(['a 2.2']);
    const positions = await inboxPositions(db, 'prediction', 'purchase', ['a']);
    expect(positions.get('a')).toMatchObject({ epoch: 2, sequence: 2 });
  });

  it('tells consumers apart', async () => {
    await take([at('a', 1)]);

    expect(await take([at('a', 1)], { group: 'metrics' })).toEqual(['a 1.1']);
  });

  it('lets a redriven event pass, and is raised by it only when it is newer', async () => {
    await take([at('a', 5)]);

    expect(await take([at('a', 3)], { redriving: true })).toEqual(['a 1.3']);
    expect(await take([at('a', 5)])).toEqual([]);
    expect(await take([at('a', 7)], { redriving: true })).toEqual(['a 1.7']);
    expect(await take([at('a', 6)])).toEqual([]);
  });

  it('gives an event to one of two owners at once', async () => {
    const both = await Promise.all(
      Array.from({ length: 8 }, () => take([at('a', 1), at('b', 1), at('c', 1)])),
    );

    expect(both.flat().sort()).toEqual(['a 1.1', 'b 1.1', 'c 1.1']);
    expect(await db.query(sql`select key from inbox`)).toHaveLength(3);
  });
});
