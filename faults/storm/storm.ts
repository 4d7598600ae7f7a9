import { setTimeout as pause } from 'node:timers/promises';
import { partitionCount, topics } from '@regulars/contracts';
import type { EventLog } from '@regulars/messaging';
import { Database, sql } from '@regulars/persistence';
import { Dice, eventually } from '@regulars/testing';
import type { History, LogRecord } from '../checker/history.ts';
import { Relays, type RelayOrder } from './relays.ts';
import { hashOf, Shop } from './shop.ts';
import { group, Taker, topic } from './taker.ts';
import { makeTrouble } from './trouble.ts';

const compacted = 'regulars.product.v1';
/** Without progress for so long, what is missing will not come. */
const STUCK_MS = 45_000;
const LEAST_OPERATIONS = 500;

export interface StormOptions extends RelayOrder {
  /** The log as the taker sees it. */
  openLog(): EventLog;
  readonly seconds: number;
}

/**
 * Sixteen writers, fifty customers, three relays that are killed, stopped and cut off; then it is waited until nothing
 * moves any more. What happened is for the checker to judge.
 */
export async function storm(options: StormOptions): Promise<History> {
  const { databaseUrl, seed, seconds } = options;
  const log = options.openLog();
  const own = Object.values(topics).filter(({ producer }) => producer === 'ingestion');
  await log.ensureTopics(own.map((spec) => ({ ...spec, partitions: partitionCount })));
  const shop = await Shop.open(databaseUrl);
  const taker = await Taker.start(databaseUrl, log);
  const relays = await Relays.start(options);
  const admin = await Database.connect({ url: databaseUrl, schema: 'public', service: 'storm' });
  const over = new AbortController();
  try {
    await relays.leader();
    const writing = shop.writeUntil(over.signal, (writer) => new Dice(seed, 100 + writer));
    const end = performance.now() + seconds * 1_000;
    // On a busy machine time alone would end it before there is anything to judge.
    const enough = () => performance.now() > end && shop.operations.length >= LEAST_OPERATIONS;
    await makeTrouble(relays, { database: admin, dice: new Dice(seed, 99), enough });
    over.abort();
    await writing;
    await relays.settle();
    await drain(shop, taker, log);
    return await historyOf({ seed, log, shop, taker, relays });
  } finally {
    // Writers without a database would fail and try again for ever, with no time left for anybody else.
    over.abort();
    await relays.stop();
    await taker.stop();
    await log.close();
    await shop.database.close();
    await admin.close();
  }
}

/** Until the outbox is empty and the taker is at the end, or nothing has changed for a long time. */
async function drain(shop: Shop, taker: Taker, log: EventLog): Promise<void> {
  let before = '';
  let movedAt = performance.now();
  while (performance.now() - movedAt < STUCK_MS) {
    const [left] = await shop.database.query<{ rows: number }>(
      sql`select count(*) as rows from outbox`,
    );
    const ends = await log.endOffsets([topic]);
    const end = ends.reduce((sum, { offset }) => sum + offset, 0n);
    const { records } = await taker.passed();
    if (left?.rows === 0 && records >= end) return;
    const now = `${String(left?.rows)} ${String(end)} ${String(records)}`;
    if (now !== before) movedAt = performance.now();
    before = now;
    await pause(50);
  }
}

interface Parts {
  readonly seed: number;
  readonly log: EventLog;
  readonly shop: Shop;
  readonly taker: Taker;
  readonly relays: Relays;
}

async function historyOf({ seed, log, shop, taker, relays }: Parts): Promise<History> {
  const purchases = await everything(log, topic);
  const records = purchases.map(({ key, value }): LogRecord => {
    const { data } = JSON.parse(value ?? '{}') as { data: { revision: number } };
    return { stream: 'purchase', customer: key, number: data.revision };
  });
  const truth = await shop.truth();
  const { dead } = await taker.passed();
  return {
    seed,
    operations: shop.operations,
    faults: relays.faults,
    effects: await taker.effects(),
    records,
    decisions: [],
    receipts: [],
    addresses: {},
    sums: [
      {
        name: 'events committed, and different ones in the log',
        left: truth.events,
        right: new Set(records.map(({ customer, number }) => `${customer} ${String(number)}`)).size,
      },
      { name: 'dead letters, and none', left: dead, right: 0 },
      { name: 'fatal errors, and none', left: taker.fatal.length, right: 0 },
    ],
    dumps: [
      {
        name: 'profiles committed, and the newest in the log',
        one: truth.profiles,
        other: hashOf(newestOf(await everything(log, compacted))),
      },
    ],
    expected: {
      leastOperations: LEAST_OPERATIONS,
      uncertain: false,
      consumers: { [group]: ['purchase'] },
    },
  };
}

interface Read {
  readonly key: string;
  readonly value: string | null;
}

/** Partition by partition: a key has only one. */
async function everything(log: EventLog, name: string): Promise<Read[]> {
  const all: Read[] = [];
  for (let partition = 0; partition < partitionCount; partition += 1) {
    for (let offset = 0n, end = 1n; offset < end;) {
      const stretch = await eventually(() => log.read({ topic: name, partition, offset }));
      for (const { key, value } of stretch.records)
        all.push({
          key: Buffer.from(key ?? []).toString(),
          value: value && Buffer.from(value).toString(),
        });
      ({ nextOffset: offset, end } = stretch);
    }
  }
  return all;
}

/** The last state of each key that has one, by key. */
function newestOf(states: readonly Read[]): (readonly [string, number])[] {
  const newest = new Map(states.map(({ key, value }) => [key, value]));
  return [...newest]
    .flatMap(([key, value]): (readonly [string, number])[] => {
      if (value === null) return [];
      // A heartbeat has no data.
      const { data } = JSON.parse(value) as { data?: { titles: { en: string } } };
      return data ? [[key, Number(data.titles.en)]] : [];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
