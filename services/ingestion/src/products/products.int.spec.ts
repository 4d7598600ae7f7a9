import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());

describe('PUT /v1/products/{productId}', () => {
  it('stores the whole product and tells the others only what changed', async () => {
    const product = { titles: { en: 'Tea' }, category: 'drinks/tea', statedCycleDays: 30 };
    const put = (body: object) => api.send('PUT', '/v1/products/tea%2Fgreen', body);

    expect((await put(product)).status).toBe(201);
    expect((await put(product)).body).toEqual({ id: 'tea/green', status: 'unchanged' });
    expect((await put({ titles: { en: 'Tea' } })).body).toMatchObject({ status: 'updated' });

    expect((await api.get('/v1/products/tea%2Fgreen')).body).toEqual({
      productId: 'tea/green',
      titles: { en: 'Tea' },
      goesWith: [],
    });
    expect(await api.events()).toMatchObject([
      {
        type: 'ProductChanged',
        key: 'tea/green',
        data: { category: 'drinks/tea', statedCycleDays: 30 },
      },
      { type: 'ProductChanged', key: 'tea/green', data: { titles: { en: 'Tea' }, goesWith: [] } },
    ]);
  });

  it('answers a batch item by item', async () => {
    const { body } = await api.post('/v1/products/batch', {
      items: [{ productId: 'a' }, { productId: 'b c' }, { productId: 'a', brand: 'Acme' }],
    });
    expect(body['items']).toMatchObject([
      { status: 'created', id: 'a' },
      { status: 'rejected' },
      { status: 'updated', id: 'a' },
    ]);
  });

  it.each([
    [{ consumedInDays: 0 }],
    [{ statedCycleDays: 1.5 }],
    [{ goesWith: ['a', 'a'] }],
    [{ titles: { 'no language': 'x' } }],
    [{ productId: 'other' }],
  ])('refuses %j', async (body) => {
    expect((await api.send('PUT', '/v1/products/x', body)).status).toBe(400);
  });
});
