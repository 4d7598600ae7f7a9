import { addDays, dayOf, type Day } from '@regulars/kernel';
import type { House } from './house.ts';

/** In this zone it is between two and three in the afternoon: no quiet hours and no midnight while a test runs. */
export const afternoonZone = zoneWhereItIs(14, new Date());

export interface BusyDay {
  readonly customers: number;
  readonly purchases: readonly Purchase[];
  readonly purchaseDays: number;
  readonly totalMinor: number;
}

interface Purchase {
  readonly orderId: string;
  readonly customer: { readonly externalId: string };
  readonly purchaseDay: Day;
  readonly total: { readonly amountMinor: number; readonly currency: 'EUR' };
}

/**
 * Purchases of a year in mixed order, the same in every run but for the date. Everybody buys today too: that is what
 * the campaigns wait for, so touches leave all the while.
 */
export function busyDay(customers: number, purchases: number): BusyDay {
  const today = dayOf(new Date(), afternoonZone);
  const all = Array.from({ length: purchases }, (_, index): Purchase => {
    const round = Math.floor(index / customers);
    return {
      orderId: `order-${String(index)}`,
      customer: { externalId: `customer-${String(index % customers)}` },
      purchaseDay: addDays(today, -round * (20 + (index % 30))),
      total: { amountMinor: 100 + ((index * 7_919) % 10_000), currency: 'EUR' },
    };
  });
  const days = new Set(
    all.map(({ customer, purchaseDay }) => `${customer.externalId} ${purchaseDay}`),
  );
  return {
    customers,
    // 1,009 is prime: this visits every purchase once.
    purchases: all.map((_, index) => all[(index * 1_009) % purchases] ?? all[0]!),
    purchaseDays: days.size,
    totalMinor: all.reduce((sum, { total }) => sum + total.amountMinor, 0),
  };
}

/** Customers who may be written to, and two running campaigns that thank everybody who buys. */
export async function openShop(house: House, customers: number): Promise<void> {
  const consents = [{ channel: 'email', state: 'granted', wording: 'Yes, write to me.' }];
  await house.api.post('/v1/customers/batch', {
    items: Array.from({ length: customers }, (_, index) => ({
      externalId: `customer-${String(index)}`,
      email: `customer-${String(index)}@customers.example`,
      name: `Customer ${String(index)}`,
      consents,
    })),
  });
  for (const name of ['Thank you', 'Something that goes with it']) {
    const { id } = await house.api.post<{ id: string }>('/v1/campaigns', {
      name,
      audience: { segments: ['new', 'one-time', 'periodic', 'regular', 'lost'] },
      trigger: { kind: 'purchase' },
      ladder: [
        { day: 0, directness: 'presence' },
        { day: 5, directness: 'reminder' },
        { day: 10, directness: 'reminder' },
      ],
    });
    await house.api.post(`/v1/campaigns/${id}/start`);
  }
  await house.drained();
}

function zoneWhereItIs(hour: number, now: Date): string {
  const ahead = hour - now.getUTCHours();
  // The signs of these names are turned round: Etc/GMT-2 is two hours ahead of Greenwich.
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`;
}
