import { randomBytes } from 'node:crypto';

/** About 300 bytes of JSON each; keys and customers that no other call has given, a customer for twenty unless told. */
export function purchases(count: number, customers = Math.ceil(count / 20)): object[] {
  const run = randomBytes(4).toString('hex');
  return Array.from({ length: count }, (_, n) => ({
    source: 'bench',
    orderId: `${run}-${String(n)}`,
    customer: { externalId: `${run}-${String(n % customers)}`, name: 'Bench Customer' },
    purchasedAt: '2026-01-15T14:30:00+01:00',
    total: { amountMinor: 12_990, currency: 'EUR' },
    lines: [{ productId: 'coffee-1kg', category: 'food/coffee', quantity: 2, amountMinor: 12_990 }],
  }));
}

export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
