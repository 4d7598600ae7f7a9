import { runIngestion } from '../lib/ingestion-process.ts';
import type { Mode } from '../lib/mode.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';

const EVENTS = 20_000;
const BATCH = 100;
const LANES = 16;

/** P13: posting the same purchases again, in batches of 100, against posting them the first time. */
export async function duplicates(mode: Mode): Promise<Target> {
  const ingestion = await runIngestion(mode);
  return {
    id: 'P13',
    what: 'all duplicates ÷ all new, POST /v1/purchases/batch of 100, durable',
    unit: 'purchases/s',
    floor: 1,
    stretch: 1.5,
    measurePair: async () => {
      const batches = batchesOf(purchases(EVENTS), BATCH);
      const yardstick = BATCH * (await rate(batches, LANES, (some) => ingestion.create(some)));
      await ingestion.quiet();
      const ours = BATCH * (await rate(batches, LANES, (some) => ingestion.repeat(some)));
      return { ours, yardstick };
    },
    close: () => ingestion.close(),
  };
}
