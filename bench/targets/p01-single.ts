import { httpClient } from '../lib/http-client.ts';
import { runIngestion } from '../lib/ingestion-process.ts';
import { runOwnProcess } from '../lib/own-process.ts';
import { purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const REQUESTS = 6_000;
const CUSTOMERS = 1_000;
/** As many as one commit takes. */
const LANES = 100;
const bareModule = new URL('../yardsticks/bare-purchases.ts', import.meta.url);

/** P1: one purchase per request, answered when it is durable, against a bare endpoint. */
export async function single(mode: Mode): Promise<Target> {
  const ingestion = await runIngestion(mode);
  const bare = await runOwnProcess(bareModule);
  const bareClient = httpClient(bare.address, '');
  return {
    id: 'P1',
    what: 'POST /v1/purchases, durable answer ÷ bare Nest endpoint (H)',
    unit: 'requests/s',
    floor: 0.4,
    stretch: 0.65,
    // A path of so many parts is compiled as a whole after some ten thousand requests only.
    warmUps: 3,
    measurePair: async () => {
      const items = purchases(REQUESTS, CUSTOMERS);
      const yardstick = await rate(items, LANES, async (item) => {
        await bareClient.post('/bare', item);
      });
      const ours = await rate(items, LANES, async (item) => {
        await ingestion.client.post('/v1/purchases', item);
      });
      await ingestion.quiet();
      return { ours, yardstick };
    },
    close: async () => {
      bareClient.close();
      await bare.close();
      await ingestion.close();
    },
  };
}
