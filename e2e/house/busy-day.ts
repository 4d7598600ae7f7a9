import type { House } from './house.ts';

/** In this zone it is between two and three in the afternoon: no quiet hours and no midnight while a test runs. */
export const afternoonZone = zoneWhereItIs(14, new Date());

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
