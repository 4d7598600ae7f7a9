import { sql } from '@regulars/persistence';
import { openIngestion } from '../lib/ingestion-house.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const EVENTS = 10_000;
const BATCH = 100;

/** P11: bytes of write-ahead log per accepted purchase, right after a checkpoint, against the bytes that were sent. */
export async function wal(mode: Mode): Promise<Target> {
  const house = await openIngestion(mode, { relays: false });
  const written = async (): Promise<number> => {
    const [row] = await house.database.query<{ bytes: string }>(
      sql`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as bytes`,
    );
    return Number(row?.bytes);
  };
  return {
    id: 'P11',
    what: 'WAL per accepted purchase (row, indexes, outbox) ÷ its JSON',
    unit: 'bytes',
    floor: 6,
    stretch: 4,
    atMost: true,
    measurePair: async () => {
      const items = purchases(EVENTS);
      await house.database.query(sql`checkpoint`);
      const before = await written();
      await rate(batchesOf(items, BATCH), 4, (some) => house.create(some));
      return {
        ours: ((await written()) - before) / EVENTS,
        yardstick: Buffer.byteLength(JSON.stringify(items)) / EVENTS,
      };
    },
    close: () => house.close(),
  };
}
