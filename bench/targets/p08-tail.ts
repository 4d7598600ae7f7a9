import { runIngestion } from '../lib/ingestion-process.ts';
import { purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import { openModel } from '../lib/open-model.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const REQUESTS = 2_000;
const CUSTOMERS = 500;
const LANES = 32;
const SECONDS = 8;

/** P8: how far the slowest answers lie from the usual ones at half of the most that can be done, arrivals fixed. */
export async function tail(mode: Mode): Promise<Target> {
  const ingestion = await runIngestion(mode);
  const post = async (item: object): Promise<void> => {
    await ingestion.client.post('/v1/purchases', item);
  };
  return {
    id: 'P8',
    what: 'p99 ÷ p50 of POST /v1/purchases at half of the maximum, open model',
    unit: 'ms',
    floor: 12,
    stretch: 6,
    atMost: true,
    measurePair: async () => {
      const most = await rate(purchases(REQUESTS, CUSTOMERS), LANES, post);
      const perSecond = most / 2;
      const latencies = await openModel(
        purchases(Math.round(perSecond * SECONDS), CUSTOMERS),
        perSecond,
        post,
      );
      return { ours: latencies.at(0.99), yardstick: latencies.at(0.5), latencies };
    },
    close: () => ingestion.close(),
  };
}
