import Type from 'typebox';
import { PurchaseItem } from '@regulars/ingestion';
import { httpClient } from '../lib/http-client.ts';
import { openIngestion } from '../lib/ingestion-house.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';
import { startBareServer } from '../yardsticks/bare-http.ts';
import { saveAll, type SentPurchase } from '../yardsticks/save-all.ts';

const EVENTS = 4_000;
const BATCH = 100;
const LANES = 4;

/** P7: the hot path against the same steps on the same tables, written with TypeORM's `find()` and `save()`. */
export async function save(): Promise<Target> {
  const house = await openIngestion('standalone');
  const items = Type.Object({ items: Type.Array(PurchaseItem) });
  const saving = await startBareServer(items, (body) =>
    saveAll(house.database, (body as { items: SentPurchase[] }).items),
  );
  const client = httpClient(saving.address, '');
  return {
    id: 'P7',
    what: 'POST /v1/purchases/batch of 100 ÷ the same request through TypeORM save()',
    unit: 'purchases/s',
    floor: 3,
    stretch: 8,
    measurePair: async () => {
      const rateOf = async (post: (some: object[]) => Promise<unknown>): Promise<number> => {
        const batches = batchesOf(purchases(EVENTS), BATCH);
        return (
          BATCH *
          (await rate(batches, LANES, async (some) => {
            await post(some);
          }))
        );
      };
      const yardstick = await rateOf((some) => client.post('/bare', { items: some }));
      await house.quiet();
      const ours = await rateOf((some) => house.create(some));
      await house.quiet();
      return { ours, yardstick };
    },
    close: async () => {
      client.close();
      await saving.close();
      await house.close();
    },
  };
}
