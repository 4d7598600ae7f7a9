import { sql } from '@regulars/persistence';
import { openIngestion, type IngestionHouse } from '../lib/ingestion-house.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';
import { copyPurchases } from '../yardsticks/copy.ts';

const EVENTS = 10_000;
const BATCH = 100;
const LANES = 4;
const OLD = 1_000_000;
const OLD_AT_ONCE = 100_000;

/** P14: accepting purchases where a million old ones lie, against empty tables. */
export async function history(): Promise<Target> {
  const empty = await openIngestion('standalone', { relays: false });
  const old = await openIngestion('standalone', { relays: false });
  for (let rows = 0; rows < OLD; rows += OLD_AT_ONCE)
    await copyPurchases(old.databaseUrl, 'ingestion.purchases', OLD_AT_ONCE);
  await old.database.query(sql`vacuum analyze ingestion.purchases`);
  const accept = async (house: IngestionHouse): Promise<number> =>
    BATCH * (await rate(batchesOf(purchases(EVENTS), BATCH), LANES, (some) => house.create(some)));
  return {
    id: 'P14',
    what: 'POST /v1/purchases/batch with 1 M old purchases ÷ with empty tables',
    unit: 'purchases/s',
    floor: 0.8,
    stretch: 0.95,
    measurePair: async () => {
      // The empty one fills up as it is measured: a hundredth of the other a pair.
      const yardstick = await accept(empty);
      const ours = await accept(old);
      return { ours, yardstick };
    },
    close: async () => {
      await empty.close();
      await old.close();
    },
  };
}
