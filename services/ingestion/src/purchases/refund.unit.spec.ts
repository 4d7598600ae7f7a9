import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Purchase } from './purchase.js';
import { applyRefund } from './refund.js';

function aPurchase(lines: readonly number[]): Purchase {
  return {
    id: '01990000-0000-7000-8000-000000000001',
    customerId: '01990000-0000-7000-8000-000000000002',
    source: 'shop',
    orderId: '1',
    revision: 1,
    purchaseDay: '2026-03-01',
    purchasedAt: new Date('2026-03-01T09:00:00Z'),
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    totalMinor: sum(lines),
    refundedMinor: 0,
    lines: lines.map((amountMinor, at) => ({
      productId: `p${String(at)}`,
      quantity: 1,
      amountMinor,
    })),
    imported: false,
    removed: false,
  };
}
const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0);
const amountsOf = ({ lines }: Purchase) => lines.map(({ amountMinor }) => amountMinor);

describe('applyRefund', () => {
  it('spreads a refund without lines over them by their amounts, to the last minor unit', () => {
    const refunded = applyRefund(aPurchase([100, 100, 100]), { amountMinor: 100 });
    expect(refunded).toMatchObject({ ok: true, value: { totalMinor: 200, refundedMinor: 100 } });
    expect(refunded.ok && amountsOf(refunded.value)).toEqual([67, 67, 66]);
  });

  it('takes a product that stands in two lines from both', () => {
    const purchase = aPurchase([100, 50]);
    const lines = purchase.lines.map((line) => ({ ...line, productId: 'tea' }));
    const refunded = applyRefund(
      { ...purchase, lines },
      { lines: [{ productId: 'tea', amountMinor: 120 }] },
    );
    expect(refunded.ok && amountsOf(refunded.value)).toEqual([0, 30]);
  });

  it('refuses to refund what is not there', () => {
    expect(applyRefund(aPurchase([]), {})).toMatchObject({
      ok: false,
      error: { code: 'refund-exceeds-purchase' },
    });
  });

  it('refuses an amount that its lines do not explain', () => {
    const purchase = aPurchase([500, 500]);
    const lines = [{ productId: 'p0', amountMinor: 100 }];
    for (const amountMinor of [99, 101, 500]) {
      expect(applyRefund(purchase, { amountMinor, lines })).toMatchObject({
        ok: false,
        error: { code: 'refund-lines-differ' },
      });
    }
    expect(applyRefund(purchase, { amountMinor: 100, lines })).toMatchObject({ ok: true });
  });

  it('gives back postage, which is on no line, beside a line', () => {
    const withPostage = { ...aPurchase([500]), totalMinor: 550 };
    const lines = [{ productId: 'p0', amountMinor: 500 }];
    expect(applyRefund(withPostage, { amountMinor: 550, lines })).toMatchObject({
      ok: true,
      value: { totalMinor: 0 },
    });
    expect(applyRefund(withPostage, { amountMinor: 551, lines })).toMatchObject({ ok: false });
  });

  it('keeps money exact: whatever is refunded in whatever parts, nothing appears or vanishes', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 1, maxLength: 20 });
    const parts = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(amounts, parts, (lines, shares) => {
        const start = aPurchase(lines);
        let purchase = start;
        for (const share of shares) {
          const refunded = applyRefund(purchase, {
            amountMinor: Math.max(1, Math.floor(purchase.totalMinor * share)),
          });
          if (!refunded.ok) break;
          purchase = refunded.value;
          expect(purchase.totalMinor + purchase.refundedMinor).toBe(start.totalMinor);
          expect(sum(amountsOf(purchase))).toBe(purchase.totalMinor);
          expect(Math.min(...amountsOf(purchase))).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
