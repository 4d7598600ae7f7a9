import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { aPurchase, startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';
import { PurchaseDesk } from './purchase-desk.use-case.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion({ REGULARS_INGESTION_SOURCE_ZONES: 'shop-tokyo=Asia/Tokyo' });
});
afterAll(() => api.close());
beforeEach(() => api.forgetEvents());

const types = async () => (await api.events()).map(({ type }) => type);

describe('POST /v1/purchases', () => {
  it('records a purchase, its customer and what others must learn', async () => {
    const purchase = aPurchase({
      customer: { phone: '030 5551', email: 'Anna@Example.com', name: 'Anna' },
      lines: [{ productId: 'tea', category: 'drinks', quantity: 2, amountMinor: 1_177 }],
    });

    const reply = await api.post('/v1/purchases', purchase);

    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/v1/purchases/${String(reply.body['id'])}`);
    expect(await api.events()).toMatchObject([
      { stream: 'customer', type: 'CustomerRegistered', data: { kind: 'person', imported: false } },
      {
        stream: 'customer-profile',
        type: 'CustomerProfileChanged',
        data: { name: 'Anna', phone: '+49305551', email: 'anna@example.com' },
      },
      {
        stream: 'purchase',
        type: 'PurchaseRecorded',
        key: reply.body['customerId'],
        data: {
          purchaseId: reply.body['id'],
          revision: 1,
          purchaseDay: '2026-03-01',
          currency: 'EUR',
          totalMinor: 1_177,
          refundedMinor: 0,
          fullyRefunded: false,
          lines: [{ productId: 'tea', category: 'drinks', quantity: 2, amountMinor: 1_177 }],
        },
      },
    ]);
  });

  it('passes a trace on that is kept, and none that is not', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const from = (flags: string) => ({ traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` });
    const traces = async () => {
      const rows = await api.db.query<{ trace: string | null }>(
        sql`select trace from outbox where type = 'PurchaseRecorded' order by sequence`,
      );
      return rows.map(({ trace }) => trace);
    };

    await api.post('/v1/purchases', aPurchase(), from('01'));
    await api.post('/v1/purchases', aPurchase(), from('00'));
    await api.post('/v1/purchases/batch', { items: [aPurchase()] }, from('03'));
    await api.post('/v1/purchases', aPurchase());

    const [single, , batch] = await traces();
    expect(await traces()).toEqual([single, null, batch, null]);
    expect(single).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
    expect(batch).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-03$`));
  });

  it('answers the same purchase again with the first answer and tells nobody twice', async () => {
    const purchase = aPurchase();
    const first = await api.post('/v1/purchases', purchase);
    await api.forgetEvents();

    const again = await api.post('/v1/purchases', purchase);

    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(await types()).toEqual([]);
  });

  it('knows a late retry also after a correction', async () => {
    const purchase = aPurchase();
    const first = await api.post('/v1/purchases', purchase);
    const path = `/v1/purchases/${String(first.body['id'])}/corrections`;
    const total = { amountMinor: 900, currency: 'EUR' };
    expect((await api.post(path, { total })).body).toMatchObject({ revision: 2, total });

    expect((await api.post('/v1/purchases', purchase)).status).toBe(200);
    expect((await api.post('/v1/purchases', { ...purchase, total })).status).toBe(409);
  });

  it('refuses another purchase under the same key and shows both', async () => {
    const purchase = aPurchase();
    await api.post('/v1/purchases', purchase);
    await api.forgetEvents();

    const reply = await api.post('/v1/purchases', {
      ...purchase,
      total: { amountMinor: 1, currency: 'EUR' },
    });

    expect(reply.status).toBe(409);
    expect(reply.body).toMatchObject({
      code: 'purchase-differs',
      stored: { total: { amountMinor: 1_177 } },
      sent: { total: { amountMinor: 1 } },
    });
    expect(await types()).toEqual([]);
  });

  it('takes one order id of two sources for two purchases', async () => {
    const purchase = aPurchase();
    await api.post('/v1/purchases', purchase);
    expect((await api.post('/v1/purchases', { ...purchase, source: 'till' })).status).toBe(201);
  });

  it.each([
    ['the zone of its source', { source: 'shop-tokyo' }, '2026-03-02'],
    ['the company', { source: 'elsewhere' }, '2026-03-01'],
    ['itself before both', { source: 'shop-tokyo', timeZone: 'America/New_York' }, '2026-03-01'],
  ])('takes its day from %s', async (_, over, day) => {
    const purchase = aPurchase({ ...over, purchasedAt: '2026-03-01T16:30:00Z' });
    const { body } = await api.post('/v1/purchases', purchase);
    const { body: stored } = await api.get(`/v1/purchases/${String(body['id'])}`);
    expect(stored['purchaseDay']).toBe(day);
  });

  it('takes a day without a time, also today', async () => {
    const { purchasedAt: _, ...purchase } = aPurchase({ purchaseDay: '2026-03-02' });
    const { body } = await api.post('/v1/purchases', purchase);
    const { body: stored } = await api.get(`/v1/purchases/${String(body['id'])}`);
    expect(stored).toMatchObject({
      purchaseDay: '2026-03-02',
      purchasedAt: '2026-03-01T23:00:00.000Z',
    });
  });

  it("gives a line its product's category, and keeps it when the product moves", async () => {
    await api.send('PUT', '/v1/products/kettle', { category: 'kitchen' });
    const lines = [{ productId: 'kettle', quantity: 1, amountMinor: 1_177 }];
    const { body } = await api.post('/v1/purchases', aPurchase({ lines }));
    await api.send('PUT', '/v1/products/kettle', { category: 'garden' });
    const { body: stored } = await api.get(`/v1/purchases/${String(body['id'])}`);
    expect(stored['lines']).toEqual([{ ...lines[0], category: 'kitchen' }]);
  });

  it('keeps the largest amounts exact', async () => {
    const total = { amountMinor: 9_999_999_999_999, currency: 'EUR' };
    const { body } = await api.post('/v1/purchases', aPurchase({ total }));
    const { body: stored } = await api.get(`/v1/purchases/${String(body['id'])}`);
    expect(stored['total']).toEqual(total);
  });

  it('answers a repeated Idempotency-Key with the answer it gave, and refuses another body', async () => {
    const purchase = aPurchase();
    const headers = { 'idempotency-key': 'key-1' };
    const first = await api.post('/v1/purchases', purchase, headers);
    const again = await api.post('/v1/purchases', purchase, headers);
    const other = await api.post('/v1/purchases', aPurchase(), headers);

    expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(other.body['code']).toBe('idempotency-key-reused');
  });

  it('keeps a refusal under its Idempotency-Key too', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    const wrong = aPurchase({ total: { amountMinor: 5, currency: 'XXY' } });
    expect((await api.post('/v1/purchases', wrong, headers)).status).toBe(422);
    const again = await api.post('/v1/purchases', wrong, headers);
    expect(again.status).toBe(422);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('commits many concurrent requests in few transactions, and answers each by itself', async () => {
    const requests = Array.from({ length: 60 }, (_, n) =>
      aPurchase({ customer: { externalId: `crowd-${String(n % 7)}` } }),
    );
    const bad = aPurchase({ customer: { id: '01990000-0000-7000-8000-000000000000' } });
    // Nothing is stored until all have come in, however slowly: what groups do not fit in the four lanes has to wait.
    const arrived = jest.spyOn(api.app.get(PurchaseDesk), 'record');
    const posts = await api.db.withTransaction(async (tx) => {
      await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
      await tx.query(sql`lock table purchases in share mode`);
      const asked = [...requests, requests[0], bad];
      const sent = asked.map((purchase) => api.post('/v1/purchases', purchase));
      await eventually(() => arrived.mock.calls.length === asked.length);
      return { sent };
    });
    const replies = await Promise.all(posts.sent);
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(60);
    expect(statuses.slice(60).sort()).toEqual([200, 422].sort());
    const [row] = await api.db.query<{ n: number }>({
      text: `select count(distinct p.xmin::text)::int as n from purchases p
             join identities i on i.customer_id = p.customer_id and i.value like 'shop crowd-%'`,
      values: [],
    });
    expect(row?.n).toBeLessThanOrEqual(5);
  });
});

describe('POST /v1/purchases/batch', () => {
  it('answers each item by itself; one bad item leaves the others accepted', async () => {
    const known = aPurchase();
    await api.post('/v1/purchases', known);
    const fresh = aPurchase();
    const reply = await api.post('/v1/purchases/batch', {
      items: [
        known,
        fresh,
        aPurchase({ surprise: true }),
        aPurchase({ total: { amountMinor: -1, currency: 'EUR' } }),
        fresh,
        { ...fresh, total: { amountMinor: 2, currency: 'EUR' } },
        'nonsense',
      ],
    });

    expect(reply.status).toBe(207);
    expect(reply.body['items']).toMatchObject([
      { index: 0, status: 'unchanged' },
      { index: 1, status: 'created' },
      { index: 2, status: 'rejected', problem: { errors: [{ pointer: '/surprise' }] } },
      { index: 3, status: 'rejected', problem: { code: 'negative-amount', status: 422 } },
      { index: 4, status: 'unchanged' },
      { index: 5, status: 'rejected', problem: { code: 'purchase-differs', status: 409 } },
      { index: 6, status: 'rejected', problem: { code: 'invalid-request', status: 400 } },
    ]);
    expect(await types()).toEqual(['PurchaseRecorded', 'PurchaseRecorded']);
  });

  it('takes 1,000 items and changes nothing the second time', async () => {
    const items = Array.from({ length: 1_000 }, (_, n) =>
      aPurchase({ customer: { externalId: `mass-${String(n % 300)}` }, imported: true }),
    );
    const first = await api.post('/v1/purchases/batch', { items });
    const written = (await types()).length;
    const again = await api.post('/v1/purchases/batch', { items });

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(statusesOf(first.body['items'])).toEqual(new Set(['created']));
    expect(statusesOf(again.body['items'])).toEqual(new Set(['unchanged']));
    expect(written).toBe(300 * 2 + 1_000);
    expect(await types()).toHaveLength(written);
  });

  it('is recorded once, however often it comes at the same time', async () => {
    const items = Array.from({ length: 20 }, () => aPurchase());
    const { sent } = await api.db.withTransaction(async (tx) => {
      await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
      await tx.query(sql`lock table purchases in share mode`);
      const sent = Array.from({ length: 5 }, () => api.post('/v1/purchases/batch', { items }));
      // Each has looked for its purchases, and found none.
      await eventually(async () => (await waitingForALock()) >= sent.length);
      return { sent };
    });
    const statuses = (await Promise.all(sent)).flatMap(({ body }) =>
      (body['items'] as { status: string }[]).map(({ status }) => status),
    );

    expect(statuses.filter((status) => status === 'created')).toHaveLength(20);
    expect(statuses.filter((status) => status === 'unchanged')).toHaveLength(80);
  });

  it('acknowledges nothing that its commit refuses', async () => {
    const { dataSource } = api.db;
    await dataSource.query(`
      create function refuse_late() returns trigger language plpgsql as
      $$ begin raise exception 'not at the end either'; end $$`);
    await dataSource.query(`
      create constraint trigger late after insert on purchases deferrable initially deferred
      for each row when (new.order_id like 'late%') execute function refuse_late()`);
    const single = await api.post('/v1/purchases', aPurchase({ orderId: 'late-1' }));
    const batch = await api.post('/v1/purchases/batch', {
      items: [aPurchase({ orderId: 'late-2' })],
    });
    await dataSource.query(`drop function refuse_late cascade`);

    expect([single.status, batch.status]).toEqual([500, 500]);
    expect(
      await dataSource.query(`select order_id from purchases where order_id like 'late%'`),
    ).toEqual([]);
  });

  it.each([
    ['purchases', `order_id not like 'unlucky%'`],
    // Its row is on the way with the commit when the item is thought to be done.
    ['outbox', `convert_from(value, 'utf8') not like '%unlucky%'`],
  ])('answers alone the item that %s refuses for a reason nobody foresaw', async (table, rule) => {
    await api.db.dataSource.query(`alter table ${table} add constraint no_13 check (${rule})`);
    const items = [aPurchase(), aPurchase({ orderId: 'unlucky' }), aPurchase(), aPurchase()];
    const batch = await api.post('/v1/purchases/batch', { items });
    const singles = await Promise.all(
      [aPurchase(), aPurchase({ orderId: 'unlucky-2' }), aPurchase()].map((item) =>
        api.post('/v1/purchases', item),
      ),
    );
    await api.db.dataSource.query(`alter table ${table} drop constraint no_13`);

    expect(batch.body['items']).toMatchObject([
      { status: 'created' },
      { status: 'rejected', problem: { code: 'not-recordable' } },
      { status: 'created' },
      { status: 'created' },
    ]);
    expect(singles.map(({ status }) => status)).toEqual([201, 500, 201]);
  });
});

/** Asked outside of any transaction, which would see one state for ever. */
async function waitingForALock(): Promise<number> {
  const [row] = await api.db.query<{ count: number }>(sql`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and application_name = 'regulars-ingestion' and wait_event_type = 'Lock'`);
  return row?.count ?? 0;
}

function statusesOf(items: unknown): Set<string> {
  return new Set((items as { status: string }[]).map(({ status }) => status));
}
