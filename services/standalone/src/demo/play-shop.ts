import {
  addDays,
  dayOf,
  daysBetween,
  instantAt,
  type Day,
  type SimulatedClock,
} from '@regulars/kernel';
import type { TimeDriver } from '../simulated-time/time-driver.js';
import type { DemoApi } from './demo-api.js';
import type { SimulatedCustomer, SimulatedPurchase, SimulatedShop } from './simulated-shop.js';
import { answerTasks } from './staff.js';

/** The shop closes and posts its day; its people report on their calls. */
const CLOSING_HOUR = 19;
const BATCH = 500;

export interface PlayOptions {
  readonly shop: SimulatedShop;
  readonly from: Day;
  readonly timeZone: string;
  readonly api: DemoApi;
  readonly driver: TimeDriver;
  readonly clock: SimulatedClock;
  onDay(played: number, days: number): void;
}

/** Lives the shop's year day by day, up to the present moment. */
export async function playShop(options: PlayOptions): Promise<void> {
  const { from, timeZone, driver, clock } = options;
  const today = dayOf(new Date(), timeZone);
  await startCampaigns(options.api);
  const known = new Set<string>();
  const days = daysBetween(from, today);
  for (let played = 0; played <= days; played += 1) {
    const day = addDays(from, played);
    const closing = instantAt(day, CLOSING_HOUR * 60, timeZone);
    const now = new Date();
    await driver.advanceTo(closing < now ? closing : now);
    if (closing < now) {
      await postDay(options, day, known);
      await answerTasks(options.api, day);
    }
    options.onDay(played, days);
  }
  await driver.advanceTo(new Date());
  clock.letGo();
}

/** Two campaigns by their defaults: the ladder around the due day, and a word after each purchase. */
async function startCampaigns(api: DemoApi): Promise<void> {
  const definitions = [
    {
      name: 'Before the next purchase',
      audience: { segments: ['regular', 'periodic'] },
      trigger: { kind: 'due-day' },
    },
    {
      name: 'After the first purchase',
      audience: { segments: ['new', 'one-time'] },
      trigger: { kind: 'purchase', daysAfter: 7 },
      ladder: [
        { day: 0, directness: 'presence', channel: 'email' },
        { day: 14, directness: 'reminder', channel: 'email' },
        { day: 28, directness: 'direct-offer', channel: 'email', fallbacks: ['task'] },
      ],
    },
  ];
  for (const definition of definitions) {
    const { id } = await api.post<{ id: string }>('/v1/campaigns', definition);
    await api.post(`/v1/campaigns/${id}/start`, {});
  }
}

async function postDay(
  { shop, api, timeZone }: PlayOptions,
  day: Day,
  known: Set<string>,
): Promise<void> {
  const purchases = shop.purchasesByDay.get(day) ?? [];
  const buyers = new Set(purchases.map(({ externalId }) => externalId));
  const fresh = shop.customers.filter(
    ({ externalId }) => buyers.has(externalId) && !known.has(externalId),
  );
  await inBatches(fresh.map(toCustomer), (items) => api.post('/v1/customers/batch', { items }));
  for (const { externalId } of fresh) known.add(externalId);
  await inBatches(
    purchases.map((purchase, index) => toPurchase(purchase, index, timeZone)),
    (items) => api.post('/v1/purchases/batch', { items }),
  );
}

function toCustomer(customer: SimulatedCustomer): object {
  const { externalId, name, phone, email, timeZone, consents } = customer;
  return {
    externalId,
    source: 'demo-shop',
    name,
    phone,
    email,
    timeZone,
    preferredChannel: 'email',
    ...(consents
      ? {
          consents: [
            { channel: 'email', purpose: 'marketing', state: 'granted', evidence: 'demo' },
          ],
        }
      : {}),
  };
}

function toPurchase(purchase: SimulatedPurchase, index: number, timeZone: string): object {
  const { orderId, externalId, day, amountMinor, productId, category } = purchase;
  // Spread over the opening hours, so that no two look alike.
  const at = instantAt(day, 10 * 60 + ((index * 7) % (8 * 60)), timeZone);
  return {
    source: 'demo-shop',
    orderId,
    customer: { externalId },
    purchasedAt: at.toISOString(),
    total: { amountMinor, currency: 'EUR' },
    lines: [{ productId, category, quantity: 1, amountMinor }],
  };
}

async function inBatches(
  items: readonly object[],
  post: (items: readonly object[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    await post(items.slice(start, start + BATCH));
  }
}
