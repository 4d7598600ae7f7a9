import { runIngestion, type IngestionProcess } from '../lib/ingestion-process.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const EVENTS = 10_000;
const BATCH = 100;
const LANES = 16;
const SCRAPE_MS = 1_000;

/** P12: with series counted and scraped every second and logs as JSON, against a service that neither counts nor logs. */
export async function seeing(mode: Mode): Promise<Target> {
  const [sighted, blind] = [await runIngestion(mode), await runIngestion(mode, { seeing: false })];
  const accept = async ({ create }: IngestionProcess): Promise<number> =>
    BATCH * (await rate(batchesOf(purchases(EVENTS), BATCH), LANES, create));
  return {
    id: 'P12',
    what: 'POST /v1/purchases/batch with metrics, scraped every second, and JSON logs ÷ without',
    unit: 'purchases/s',
    floor: 0.85,
    stretch: 0.95,
    measurePair: async () => {
      const yardstick = await accept(blind);
      const scraping = setInterval(() => void sighted.scrape(), SCRAPE_MS);
      const ours = await accept(sighted).finally(() => {
        clearInterval(scraping);
      });
      return { ours, yardstick };
    },
    close: async () => {
      await sighted.close();
      await blind.close();
    },
  };
}
