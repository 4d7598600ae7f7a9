import { describe, expect, it } from '@jest/globals';
import { readPurchase } from './read-purchase.js';

const rules = {
  now: new Date('2026-03-02T11:00:00Z'),
  defaultCountry: 'DE',
  zoneOf: () => 'Europe/Berlin',
};
const body = {
  orderId: '1',
  customer: { phone: '030 901820', externalId: 'C-1', email: ' A@B.de ' },
  purchasedAt: '2026-03-01T10:00:00+01:00',
  total: { amountMinor: 1, currency: 'EUR' },
};

function read(over: object, zone = 'Europe/Berlin') {
  const purchase = readPurchase({ ...body, ...over }, { ...rules, zoneOf: () => zone });
  if (!purchase.ok) throw new Error(purchase.error.detail);
  return purchase.value;
}

describe('readPurchase', () => {
  it('puts the identities in the order of their strength, normalised', () => {
    expect(read({}).customer.identities).toEqual([
      { kind: 'phone', value: '+4930901820' },
      { kind: 'external', value: 'api C-1' },
      { kind: 'email', value: 'a@b.de' },
    ]);
  });

  it('takes the same content for the same, however it is written', () => {
    const same = [
      read({}),
      read({ purchasedAt: '2026-03-01T09:00:00.000Z' }),
      read({
        customer: { ...body.customer, phone: '+49 (30) 90 18 20', name: 'A better spelt name' },
      }),
      read({ source: 'api', imported: false, lines: [] }),
      read({}, 'Asia/Tokyo'),
    ];
    expect(new Set(same.map(({ content }) => content.toString('hex'))).size).toBe(1);
  });

  it.each([
    ['amount', { total: { amountMinor: 2, currency: 'EUR' } }],
    ['currency', { total: { amountMinor: 1, currency: 'USD' } }],
    ['customer', { customer: { phone: '030 901821' } }],
    ['time', { purchasedAt: '2026-03-01T10:00:01+01:00' }],
    ['lines', { lines: [{ productId: 'a', quantity: 1, amountMinor: 1 }] }],
    ['provenance', { imported: true }],
  ])('takes another %s for another content', (_, over) => {
    expect(read(over).content.equals(read({}).content)).toBe(false);
  });

  it('gives the day of the shop, also in the night when clocks change', () => {
    expect(read({ purchasedAt: '2025-10-26T00:30:00Z' }).purchaseDay).toBe('2025-10-26');
    expect(read({ purchasedAt: '2025-10-25T21:59:59Z' }).purchaseDay).toBe('2025-10-25');
    expect(read({ purchasedAt: '2025-10-25T22:00:00Z' }).purchaseDay).toBe('2025-10-26');
  });
});
