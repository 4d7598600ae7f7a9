import { nullSink } from '../lib/null-sink.ts';
import { openModel } from '../lib/open-model.ts';
import { rate } from '../lib/rate.ts';
import { openHouse, purchaseNow, until } from '../lib/whole-house.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const MOST_EVENTS = 500;
const LANES = 16;
const SECONDS = 15;
const SHARE = 0.3;

/** P9: from the moment a purchase was to be posted to its touch at the sink, the slowest hundredth, against the usual answer. */
export async function pathLatency(mode: Mode): Promise<Target> {
  const arrived = new Map<string, () => void>();
  const sink = await nullSink((customerId) => arrived.get(customerId)?.());
  const house = await openHouse(mode, sink.env);
  await house.thankBuyers('webhook', 11);
  const post = async (customerId: string): Promise<void> => {
    await house.client.post('/v1/purchases', purchaseNow(customerId));
  };
  const postAndWait = async (customerId: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    arrived.set(customerId, () => {
      resolve(undefined);
    });
    await post(customerId);
    await promise;
  };
  return {
    id: 'P9',
    what: 'purchase -> touch p99 at 30 % of the maximum ÷ p50 of the answer, open model',
    unit: 'ms',
    floor: 200,
    stretch: 60,
    atMost: true,
    measurePair: async () => {
      const before = sink.received();
      const first = await house.newCustomers(MOST_EVENTS);
      const startedAt = performance.now();
      await rate(first, LANES, post);
      await until(() => sink.received() - before >= MOST_EVENTS);
      const most = MOST_EVENTS / ((performance.now() - startedAt) / 1_000);

      const perSecond = most * SHARE;
      const count = Math.round(perSecond * SECONDS);
      const touches = await openModel(await house.newCustomers(count), perSecond, postAndWait);
      await house.quiet();
      const answers = await openModel(await house.newCustomers(count), perSecond, post);
      await house.quiet();
      return { ours: touches.at(0.99), yardstick: answers.at(0.5), latencies: touches };
    },
    close: async () => {
      await house.close();
      sink.close();
    },
  };
}
