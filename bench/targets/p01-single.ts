import { PurchaseItem } from '@regulars/ingestion';
import { httpClient } from '../lib/http-client.ts';
import { openIngestion } from '../lib/ingestion-house.ts';
import { purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';
import { startBareServer } from '../yardsticks/bare-http.ts';

const REQUESTS = 3_000;
const LANES = 32;

/** P1: one purchase per request, answered when it is durable, against a bare endpoint. */
export async function single(mode: Mode): Promise<Target> {
  const house = await openIngestion(mode);
  const bare = await startBareServer(PurchaseItem);
  const bareClient = httpClient(bare.address, '');
  return {
    id: 'P1',
    what: 'POST /v1/purchases, durable answer ÷ bare Nest endpoint (H)',
    unit: 'requests/s',
    floor: 0.4,
    stretch: 0.65,
    measurePair: async () => {
      const items = purchases(REQUESTS);
      const yardstick = await rate(items, LANES, async (item) => {
        await bareClient.post('/bare', item);
      });
      const ours = await rate(items, LANES, async (item) => {
        await house.client.post('/v1/purchases', item);
      });
      await house.quiet();
      return { ours, yardstick };
    },
    close: async () => {
      bareClient.close();
      await bare.close();
      await house.close();
    },
  };
}
