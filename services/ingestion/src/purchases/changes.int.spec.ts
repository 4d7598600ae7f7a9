import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aPurchase, startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());

let path = '';
beforeEach(async () => {
  const lines = [
    { productId: 'tea', quantity: 1, amountMinor: 1_000 },
    { productId: 'cup', quantity: 2, amountMinor: 177 },
  ];
  const { body } = await api.post('/v1/purchases', aPurchase({ lines }));
  path = `/v1/purchases/${String(body['id'])}`;
  await api.forgetEvents();
});

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const refund = (body: object) => api.post(`${path}/refunds`, body);

describe('POST /v1/purchases/{id}/refunds', () => {
  it('takes a part, then the rest; the events carry the whole purchase after each', async () => {
    const part = await refund({
      refundId: 'r1',
      amount: euros(177),
      lines: [{ productId: 'cup', amountMinor: 177 }],
    });
    const rest = await refund({ refundId: 'r2' });

    expect([part.status, rest.status]).toEqual([201, 201]);
    expect(rest.body['amount']).toEqual(euros(1_000));
    expect(await api.events()).toMatchObject([
      {
        type: 'PurchaseRefunded',
        data: {
          revision: 2,
          totalMinor: 1_000,
          refundedMinor: 177,
          fullyRefunded: false,
          lines: [{ amountMinor: 1_000 }, { amountMinor: 0 }],
        },
      },
      {
        type: 'PurchaseRefunded',
        data: {
          revision: 3,
          totalMinor: 0,
          refundedMinor: 1_177,
          fullyRefunded: true,
          lines: [{ amountMinor: 0 }, { amountMinor: 0 }],
        },
      },
    ]);
  });

  it('happens once per refundId', async () => {
    const first = await refund({ refundId: 'r1', amount: euros(5) });
    const again = await refund({ refundId: 'r1', amount: euros(5) });
    const other = await refund({ refundId: 'r1', amount: euros(6) });

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(again.body).toEqual(first.body);
    expect(other.body).toMatchObject({
      code: 'refund-differs',
      stored: { amount: euros(5) },
      sent: { amount: euros(6) },
    });
    expect(await api.events()).toHaveLength(1);
  });

  it('never gives back more than is left, also when many ask at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        refund({ refundId: `r${String(n)}`, amount: euros(200) }),
      ),
    );
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 422)).toHaveLength(5);
    expect((await api.get(path)).body).toMatchObject({ total: euros(177), refunded: euros(1_000) });
  });

  it.each([
    [{ refundId: 'x', amount: euros(1_178) }, 422, 'refund-exceeds-purchase'],
    [{ refundId: 'x', amount: euros(-1) }, 422, 'negative-amount'],
    [{ refundId: 'x', amount: euros(0) }, 422, 'refund-exceeds-purchase'],
    [{ refundId: 'x', amount: { amountMinor: 1, currency: 'USD' } }, 422, 'currency-differs'],
    [
      { refundId: 'x', lines: [{ productId: 'tea', amountMinor: 1_001 }] },
      422,
      'refund-exceeds-purchase',
    ],
    [
      { refundId: 'x', lines: [{ productId: 'car', amountMinor: 1 }] },
      422,
      'product-not-in-purchase',
    ],
    [{ refundId: 'x', refundedAt: '2026-03-02T11:16:00Z' }, 422, 'time-in-future'],
    [{}, 400, 'invalid-request'],
    [{ refundId: 'x', id: 1 }, 400, 'invalid-request'],
  ])('refuses %j', async (body, status, code) => {
    expect(await refund(body)).toMatchObject({ status, body: { code } });
    expect(await api.events()).toEqual([]);
  });

  it('of an unknown purchase is a 404', async () => {
    path = '/v1/purchases/01990000-0000-7000-8000-000000000000';
    expect(await refund({ refundId: 'x' })).toMatchObject({ status: 404 });
  });
});

describe('POST /v1/purchases/{id}/corrections', () => {
  const correct = (body: object) => api.post(`${path}/corrections`, body);

  it('puts a day right, once', async () => {
    const body = { purchasedAt: '2026-02-27T10:00:00+01:00' };
    expect((await correct(body)).body).toMatchObject({ revision: 2, purchaseDay: '2026-02-27' });
    expect((await correct(body)).body).toMatchObject({ revision: 2 });
    expect(await api.events()).toMatchObject([
      {
        type: 'PurchaseCorrected',
        data: { revision: 2, purchaseDay: '2026-02-27', totalMinor: 1_177 },
      },
    ]);
  });

  it('counts what was refunded', async () => {
    await refund({ refundId: 'r1', amount: euros(177) });
    expect((await correct({ total: euros(1_000) })).body).toMatchObject({
      total: euros(823),
      refunded: euros(177),
    });
    expect(await correct({ total: euros(176) })).toMatchObject({ status: 422 });
    expect(await correct({ total: { amountMinor: 999, currency: 'USD' } })).toMatchObject({
      body: { code: 'currency-differs' },
    });
  });
});

describe('DELETE /v1/purchases/{id}', () => {
  it('takes the purchase back; its key stays taken', async () => {
    expect((await api.send('DELETE', path)).body).toMatchObject({ removed: true, revision: 2 });
    expect(await api.events()).toMatchObject([{ type: 'PurchaseRemoved', data: { revision: 2 } }]);
    expect(await api.send('DELETE', path)).toMatchObject({
      status: 409,
      body: { code: 'purchase-removed' },
    });
    expect(await refund({ refundId: 'r1' })).toMatchObject({ status: 409 });
  });
});
