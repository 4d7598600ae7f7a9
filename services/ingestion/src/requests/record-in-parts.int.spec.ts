import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { aPurchase, startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';

interface Entry {
  readonly index: number;
  readonly status: string;
  readonly id?: string;
}

/** The real service; what shared a transaction is told by Postgres itself. */
describe('a batch of more than a hundred items', () => {
  let api: IngestionApi;
  beforeAll(async () => {
    api = await startIngestion();
  });
  afterAll(() => api.close());

  const entriesOf = (body: Readonly<Record<string, unknown>>) => body['items'] as readonly Entry[];

  async function transactionsOf(entries: readonly Entry[]): Promise<number> {
    const ids = entries.flatMap(({ id }) => id ?? []);
    const [row] = await api.db.query<{ count: number }>(sql`
      select count(distinct xmin::text) as count from purchases where id = any(${ids}::uuid[])`);
    return row?.count ?? 0;
  }

  it('is answered as one, in order, and recorded in short transactions', async () => {
    const items = Array.from({ length: 250 }, () => aPurchase());
    items[150] = aPurchase({ total: 'much' });
    const { status, body } = await api.post('/v1/purchases/batch', { items });
    const entries = entriesOf(body);

    expect(status).toBe(207);
    expect(entries.map(({ index }) => index)).toEqual(items.map((_, index) => index));
    expect(entries.filter((entry) => entry.status !== 'created').map(({ index }) => index)).toEqual(
      [150],
    );
    expect(await transactionsOf(entries)).toBe(3);

    const again = await api.post('/v1/purchases/batch', { items: items.toSpliced(150, 1) });
    expect(again.status).toBe(200);
    expect(new Set(entriesOf(again.body).map((entry) => entry.status))).toEqual(
      new Set(['unchanged']),
    );
  });

  it('is one transaction with its answer when it comes with an Idempotency-Key', async () => {
    const items = Array.from({ length: 250 }, () => aPurchase());
    const send = () => api.post('/v1/purchases/batch', { items }, { 'idempotency-key': key });
    const key = newId();
    const first = await send();
    const again = await send();

    expect(first.status).toBe(200);
    expect(await transactionsOf(entriesOf(first.body))).toBe(1);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('counts what was recorded, once', async () => {
    const created = async (): Promise<number> => {
      const series = await api.metrics.registry.getSingleMetricAsString(
        'regulars_ingest_accepted_total',
      );
      return Number(/resource="customer"[^}]*} (\d+)/.exec(series)?.[1]);
    };
    const before = await created();
    const items = Array.from({ length: 201 }, () => ({ externalId: newId() }));
    const { status, body } = await api.post('/v1/customers/batch', { items });

    expect(status).toBe(200);
    expect(entriesOf(body)).toHaveLength(201);
    expect((await created()) - before).toBe(201);
  });

  it('may be empty', async () => {
    expect(await api.post('/v1/purchases/batch', { items: [] })).toMatchObject({
      status: 200,
      body: { items: [] },
    });
  });
});
