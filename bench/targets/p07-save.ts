import { httpClient } from '../lib/http-client.ts';
import { runIngestion } from '../lib/ingestion-process.ts';
import { runOwnProcess } from '../lib/own-process.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';

const EVENTS = 10_000;
const CUSTOMERS = 1_250;
const BATCH = 100;
const LANES = 16;
const savingModule = new URL('../yardsticks/saved-purchases.ts', import.meta.url);

/** P7: the hot path against the same steps on the same tables, written with TypeORM's `find()` and `save()`. */
export async function save(): Promise<Target> {
  const ingestion = await runIngestion('standalone');
  const saving = await runOwnProcess(savingModule, { DATABASE_URL: ingestion.databaseUrl });
  const client = httpClient(saving.address, '');
  return {
    id: 'P7',
    what: 'POST /v1/purchases/batch of 100 ÷ the same request through TypeORM save()',
    unit: 'purchases/s',
    floor: 3,
    stretch: 8,
    measurePair: async () => {
      const rateOf = async (post: (some: object[]) => Promise<unknown>): Promise<number> => {
        const batches = batchesOf(purchases(EVENTS, CUSTOMERS), BATCH);
        return (
          BATCH *
          (await rate(batches, LANES, async (some) => {
            await post(some);
          }))
        );
      };
      const yardstick = await rateOf((some) => client.post('/bare', { items: some }));
      await ingestion.quiet();
      const ours = await rateOf((some) => ingestion.create(some));
      await ingestion.quiet();
      return { ours, yardstick };
    },
    close: async () => {
      client.close();
      await saving.close();
      await ingestion.close();
    },
  };
}
