import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { aPurchase, startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';
import type { BatchEntry } from './batch-request.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());

const euros = (amountMinor: unknown) => ({ amountMinor, currency: 'EUR' });
const at = (purchasedAt: string) => aPurchase({ purchasedAt });
const by = (customer: unknown) => aPurchase({ customer });

/** What was sent, the status, the code, where the pointer points. */
const wrongPurchases: [what: string, body: unknown, status: number, code: string, at?: string][] = [
  ['no JSON', '{"orderId": ', 400, 'malformed-json'],
  ['an empty body', '', 400, 'invalid-request'],
  ['a list', [], 400, 'invalid-request'],
  ['null', 'null', 400, 'invalid-request'],
  ['a wrong type', aPurchase({ orderId: 5 }), 400, 'invalid-request', '/orderId'],
  [
    'an amount as text',
    aPurchase({ total: euros('5') }),
    400,
    'invalid-request',
    '/total/amountMinor',
  ],
  [
    'a broken amount',
    aPurchase({ total: euros(5.5) }),
    400,
    'invalid-request',
    '/total/amountMinor',
  ],
  [
    'an amount without bound',
    aPurchase({ total: euros(1e15) }),
    400,
    'invalid-request',
    '/total/amountMinor',
  ],
  ['an unknown field', aPurchase({ role: 'admin' }), 400, 'invalid-request', '/role'],
  [
    'an unknown field within',
    by({ phone: '+49 30 901820', consent: true }),
    400,
    'invalid-request',
    '/customer/consent',
  ],
  ['a prototype', `{"__proto__": {"x": 1}, "orderId": "1"}`, 400, 'forbidden-field'],
  ['a NUL', by({ phone: '+49 30 901820', name: 'A\0' }), 400, 'nul-character', '/customer/name'],
  ['half a surrogate pair', by({ phone: '+49 30 901820', name: '\ud800' }), 400, 'lone-surrogate'],
  [
    'a line break in a name',
    by({ phone: '+49 30 901820', name: 'A\u0007' }),
    400,
    'invalid-request',
    '/customer/name',
  ],
  ['a free-text id', aPurchase({ orderId: 'Anna Müller' }), 400, 'invalid-request', '/orderId'],
  ['an empty id', aPurchase({ orderId: '' }), 400, 'invalid-request', '/orderId'],
  ['an operator for an id', by({ id: { $ne: 1 } }), 400, 'invalid-request', '/customer/id'],
  ['no time', aPurchase({ purchasedAt: undefined }), 400, 'invalid-request', '/purchasedAt'],
  ['two times', aPurchase({ purchaseDay: '2026-03-01' }), 400, 'invalid-request', '/purchasedAt'],
  ['a time without offset', at('2026-03-01T10:00:00'), 400, 'invalid-request', '/purchasedAt'],
  ['an impossible phone', by({ phone: '123' }), 422, 'impossible-phone', '/customer/phone'],
  ['a phone of 17 digits', by({ phone: '+49 999999999999999' }), 422, 'impossible-phone'],
  ['words for a phone', by({ phone: 'call me' }), 422, 'impossible-phone', '/customer/phone'],
  ['an impossible e-mail', by({ email: 'anna@' }), 422, 'impossible-email', '/customer/email'],
  ['nobody', by({ name: 'Anna' }), 422, 'no-identity', '/customer'],
  [
    'an unknown id',
    by({ id: '01990000-0000-7000-8000-000000000000' }),
    422,
    'unknown-customer',
    '/customer/id',
  ],
  [
    'a negative amount',
    aPurchase({ total: euros(-1) }),
    422,
    'negative-amount',
    '/total/amountMinor',
  ],
  [
    'a negative line',
    aPurchase({ lines: [{ productId: 'x', quantity: 1, amountMinor: -1 }] }),
    422,
    'negative-amount',
    '/lines/0/amountMinor',
  ],
  [
    'an unknown currency',
    aPurchase({ total: { amountMinor: 1, currency: 'EURO'.slice(1) } }),
    422,
    'unknown-currency',
    '/total/currency',
  ],
  [
    'a lower-case currency',
    aPurchase({ total: { amountMinor: 1, currency: 'eur' } }),
    422,
    'unknown-currency',
  ],
  [
    '16 minutes in the future',
    at('2026-03-02T11:16:00Z'),
    422,
    'purchase-in-future',
    '/purchasedAt',
  ],
  [
    'tomorrow',
    aPurchase({ purchasedAt: undefined, purchaseDay: '2026-03-03' }),
    422,
    'purchase-in-future',
    '/purchaseDay',
  ],
  ['the year 0', at('0000-01-01T00:00:00Z'), 422, 'purchase-before-1970'],
  ['the year 9999', at('9999-01-01T00:00:00Z'), 422, 'purchase-in-future'],
  ['30 February', at('2026-02-30T10:00:00Z'), 422, 'impossible-time'],
  ['a leap second', at('2016-12-31T23:59:60Z'), 422, 'impossible-time'],
  [
    'a zone on the Moon',
    aPurchase({ timeZone: 'Moon/Tycho' }),
    422,
    'unknown-time-zone',
    '/timeZone',
  ],
];

describe('a purchase that cannot be', () => {
  it.each(wrongPurchases.map(([what, ...rest]) => ({ what, rest })))(
    '$what gets its problem document',
    async ({ rest: [body, status, code, pointer] }) => {
      const reply = await api.post('/v1/purchases', body);

      expect(reply.status).toBe(status);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
      expect(reply.body).toMatchObject({
        type: expect.stringContaining(code),
        title: expect.any(String),
        status,
        code,
        instance: '/v1/purchases',
        traceId: expect.any(String),
      });
      if (pointer !== undefined) {
        const { errors } = reply.body as unknown as { errors: { pointer: string }[] };
        expect(errors.map((error) => error.pointer)).toContain(pointer);
      }
    },
  );

  it('leaves nothing behind', async () => {
    const rows = await api.db.query<{ n: number }>(sql`
      select (select count(*) from customers) + (select count(*) from purchases) + (select count(*) from outbox) as n`);
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('is accepted 15 minutes ahead of our clock, for the clocks of tills', async () => {
    expect((await api.post('/v1/purchases', at('2026-03-02T11:15:00Z'))).status).toBe(201);
  });

  it('names everything that is impossible in one answer', async () => {
    const purchase = aPurchase({
      customer: { phone: '1' },
      total: { amountMinor: -1, currency: 'XXY' },
    });
    const { body } = await api.post('/v1/purchases', purchase);
    expect(body['errors']).toHaveLength(3);
  });

  it('is counted by its reason', async () => {
    const text = await api.metrics.registry.metrics();
    expect(text).toMatch(/rejected_total\{resource="purchase",reason="impossible-phone".*\} 4/);
    expect(text).toMatch(/rejected_total\{resource="purchase",reason="refund-differs".*\} 0/);
  });
});

describe('a batch that cannot be', () => {
  const path = '/v1/purchases/batch';

  it('of 1,001 items is refused whole', async () => {
    const reply = await api.post(path, { items: Array.from({ length: 1_001 }, () => ({})) });
    expect(reply.status).toBe(413);
    expect(reply.body).toMatchObject({ code: 'too-many-items' });
  });

  it('of 6 MB is refused whole', async () => {
    const reply = await api.post(path, { items: ['x'.repeat(6 * 1024 * 1024)] });
    expect(reply.status).toBe(413);
    expect(reply.body).toMatchObject({ code: 'too-large' });
  });

  it.each([[[]], [{}], [{ items: {} }], [{ items: [], more: 1 }]])(
    'as %j is malformed',
    async (body) => {
      const reply = await api.post(path, body);
      expect(reply.status).toBe(400);
      expect(reply.body).toMatchObject({ code: 'invalid-request' });
    },
  );
});

describe('a batch with everything that cannot be, and one that can', () => {
  it('refuses item by item, and accepts the good one', async () => {
    const bad = wrongPurchases.filter(([, body]) => typeof body !== 'string');
    const good = aPurchase({ orderId: 'amid-the-bad' });
    const reply = await api.post('/v1/purchases/batch', {
      items: [...bad.map(([, body]) => body), good],
    });

    expect(reply.status).toBe(207);
    const { items } = reply.body as unknown as { items: BatchEntry[] };
    expect(items.map(({ status }) => status)).toEqual([...bad.map(() => 'rejected'), 'created']);
    const pointed = items.map(({ problem }) =>
      (problem as { errors?: { pointer: string }[] } | undefined)?.errors?.map((e) => e.pointer),
    );
    bad.forEach(([, , , , pointer], index) => {
      if (pointer !== undefined) expect(pointed[index]).toContain(pointer);
    });
  });
});

describe('a caller who may not', () => {
  it('has no key, a wrong one, or one without the scope', async () => {
    const reader = await api.keyWith('customers:read');
    const writer = await api.keyWith('purchases:write');
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    const post = (key: string) => api.post('/v1/purchases', aPurchase(), as(key));

    expect((await api.post('/v1/purchases', aPurchase(), { authorization: '' })).status).toBe(401);
    expect((await post('rk_0000000000000000_wrong')).status).toBe(401);
    expect(await post(reader)).toMatchObject({ status: 403, body: { code: 'missing-scope' } });
    expect((await post(writer)).status).toBe(201);
    expect((await api.send('GET', '/v1/customers', undefined, as(writer))).status).toBe(403);
    expect((await api.send('GET', '/v1/purchases', undefined, as(writer))).status).toBe(403);
  });
});

describe('an id that is none', () => {
  it.each([
    ['/v1/purchases/1', 400],
    ['/v1/purchases/undefined', 400],
    ['/v1/purchases/01990000-0000-7000-8000-000000000000', 404],
    ['/v1/customers/%00', 400],
    ['/v1/customers/01990000-0000-7000-8000-000000000000', 404],
    ['/v1/customers?phone=1&phone=2', 400],
    ['/v1/customers?id[]=1', 400],
    ['/v1/customers?phone=', 400],
    ['/v1/customers?phone=12', 422],
    ['/v1/customers?email=a@b.de&externalId=1', 400],
    ['/v1/purchases?customerId=1', 400],
    ['/v1/purchases?after=abc', 400],
    ['/v1/products/a%20b', 400],
    ['/v1/products/unknown', 404],
  ])('%s is answered %i', async (path, status) => {
    expect((await api.get(path)).status).toBe(status);
  });
});
