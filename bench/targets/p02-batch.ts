import { runIngestion } from '../lib/ingestion-process.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';
import { copyYardstick } from '../yardsticks/copy.ts';

const EVENTS = 40_000;
const BATCH = 100;
const LANES = 16;

/** P2: batches of a hundred per request, against one COPY stream into the same table. */
export async function batch(mode: Mode): Promise<Target> {
  const ingestion = await runIngestion(mode);
  const copy = await copyYardstick(ingestion.databaseUrl);
  return {
    id: 'P2',
    what: 'POST /v1/purchases/batch of 100, durable ÷ COPY (C)',
    unit: 'purchases/s',
    floor: 0.15,
    stretch: 0.3,
    measurePair: async () => {
      const yardstick = await copy();
      const batches = batchesOf(purchases(EVENTS), BATCH);
      const ours = BATCH * (await rate(batches, LANES, (items) => ingestion.create(items)));
      await ingestion.quiet();
      return { ours, yardstick };
    },
    close: () => ingestion.close(),
  };
}
