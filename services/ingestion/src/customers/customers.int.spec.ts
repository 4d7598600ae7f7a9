import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { aPurchase, startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());
beforeEach(() => api.forgetEvents());

const types = async () => (await api.events()).map(({ type }) => type);
const create = async (body: Record<string, unknown>) =>
  String((await api.post('/v1/customers', body)).body['id']);

describe('POST /v1/customers', () => {
  it('creates a customer with everything that is said', async () => {
    const body = {
      externalId: 'C-1',
      source: 'crm',
      phone: '030 11 22 33',
      email: 'Carla@Example.com',
      kind: 'company',
      name: 'Carla GmbH',
      messengers: [{ channel: 'telegram', handle: '@carla' }],
      socialProfiles: ['https://example.com/carla'],
      preferredChannel: 'telegram',
      language: 'de',
      timeZone: 'europe/berlin',
      importantDates: [{ kind: 'birthday', date: '--02-29' }],
      attributes: { size: 'XL' },
      notes: 'likes tea',
      consents: [{ channel: 'telegram', state: 'granted', wording: 'yes' }],
    };
    const reply = await api.post('/v1/customers', body);
    expect(reply.status).toBe(201);
    const id = String(reply.body['id']);

    const { source: _, externalId: __, ...said } = body;
    expect((await api.get(`/v1/customers/${id}`)).body).toEqual({
      ...said,
      id,
      phone: '+4930112233',
      email: 'carla@example.com',
      timeZone: 'Europe/Berlin',
      imported: false,
      registeredAt: '2026-03-02T11:00:00.000Z',
      externalIds: [{ source: 'crm', id: 'C-1' }],
      consents: [
        {
          channel: 'telegram',
          purpose: 'marketing',
          state: 'granted',
          changedAt: '2026-03-02T11:00:00.000Z',
        },
      ],
    });
    const events = await api.events();
    expect(events.map(({ type }) => type)).toEqual([
      'CustomerRegistered',
      'CustomerProfileChanged',
      'ConsentChanged',
    ]);
    expect(JSON.stringify(events)).not.toContain('likes tea');
    expect(JSON.stringify(events[0])).not.toContain('Carla');
  });

  it('changes what is said, leaves what is not, and is quiet when nothing is new', async () => {
    const body = { phone: '+49 30 200', name: 'Dora', attributes: { a: '1' } };
    const id = await create(body);
    await api.forgetEvents();

    expect((await api.post('/v1/customers', body)).body).toEqual({ id, status: 'unchanged' });
    expect(await types()).toEqual([]);

    const reply = await api.post('/v1/customers', {
      phone: '+49 30 200',
      email: 'dora@example.com',
    });
    expect(reply.body).toEqual({ id, status: 'updated' });
    expect(await api.events()).toMatchObject([
      { type: 'CustomerProfileChanged', data: { name: 'Dora', email: 'dora@example.com' } },
    ]);
    expect((await api.get('/v1/customers?email=DORA@example.com')).body['data']).toMatchObject([
      { id },
    ]);
  });

  it('never merges in silence: the phone decides, the e-mail of somebody else is a conflict', async () => {
    const anna = await create({ phone: '+49 30 301', name: 'Anna' });
    const bert = await create({ email: 'bert@example.com', name: 'Bert' });
    await api.forgetEvents();

    const reply = await api.post('/v1/purchases', {
      ...aPurchase(),
      customer: { email: 'bert@example.com', phone: '+49 30 301' },
    });

    expect(reply.body).toMatchObject({
      customerId: anna,
      notices: [{ code: 'identity-conflict', pointer: '/customer/email' }],
    });
    expect(await types()).toEqual(['PurchaseRecorded']);
    const conflicts = await api.db.query(
      sql`select customer_id, other_customer_id, kind, times from identity_conflicts`,
    );
    expect(conflicts).toEqual([
      { customer_id: anna, other_customer_id: bert, kind: 'email', times: 1 },
    ]);
    expect((await api.get(`/v1/customers/${bert}`)).body).toMatchObject({ name: 'Bert' });
  });

  it('adds identities that are new to a known customer, and tells all it has by now', async () => {
    const id = await create({ externalId: 'C-9' });
    await api.post('/v1/customers', { externalId: 'C-9', phone: '+49 30 309' });
    await api.post('/v1/customers', { phone: '+49 30 309', externalId: 'K-9', source: 'till' });
    const found = await api.get('/v1/customers?externalId=K-9&source=till');
    expect(found.body['data']).toMatchObject([
      {
        id,
        phone: '+4930309',
        externalIds: [
          { source: 'api', id: 'C-9' },
          { source: 'till', id: 'K-9' },
        ],
      },
    ]);
    const profiles = (await api.events()).filter(
      ({ stream, key }) => stream === 'customer-profile' && key === id,
    );
    const known = { source: 'api', id: 'C-9' };
    expect(profiles).toMatchObject([
      { data: { externalIds: [known] } },
      { data: { externalIds: [known] } },
      { data: { externalIds: [known, { source: 'till', id: 'K-9' }] } },
    ]);
  });

  it('lets a purchase fill what is not known, and change nothing', async () => {
    const id = await create({ phone: '+49 30 310', name: 'Emil' });
    const customer = { phone: '+49 30 310', name: 'E.', email: 'emil@example.com', language: 'de' };
    await api.post('/v1/purchases', aPurchase({ customer }));
    expect((await api.get(`/v1/customers/${id}`)).body).toMatchObject({
      name: 'Emil',
      email: 'emil@example.com',
      language: 'de',
    });
  });

  it('answers a batch item by item', async () => {
    const reply = await api.post('/v1/customers/batch', {
      items: [
        { phone: '+49 30 320', name: 'One' },
        { phone: '1' },
        { phone: '+49 30 320', name: 'Two' },
        { email: 'x@example.com', importantDates: [{ kind: 'birthday', date: '1981-02-29' }] },
      ],
    });
    expect(reply.status).toBe(207);
    expect(reply.body['items']).toMatchObject([
      { index: 0, status: 'created' },
      { index: 1, status: 'rejected', problem: { code: 'impossible-phone' } },
      { index: 2, status: 'updated' },
      { index: 3, status: 'rejected', problem: { code: 'impossible-date' } },
    ]);
  });

  it('lists everybody by pages', async () => {
    const seen: unknown[] = [];
    let after = '';
    do {
      const { body } = await api.get(`/v1/customers?limit=3${after}`);
      const { data, page } = body as unknown as { data: unknown[]; page: { next: string | null } };
      seen.push(...data);
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    const [row] = await api.db.query<{ n: number }>(sql`select count(*) as n from customers`);
    expect(seen).toHaveLength(row?.n ?? -1);
  });
});

describe('POST /v1/consents', () => {
  const say = (state: string, changedAt?: string) =>
    api.post('/v1/consents', {
      customer: { phone: '+49 30 401' },
      consents: [{ channel: 'email', state, ...(changedAt && { changedAt }), evidence: 'form 8' }],
    });

  it('keeps the newer statement, whatever comes first, and the proof of all', async () => {
    await create({ phone: '+49 30 401' });
    await say('granted', '2026-03-01T10:00:00Z');
    await say('withdrawn', '2026-03-01T12:00:00Z');
    await say('granted', '2026-03-01T11:00:00Z');
    const reply = await say('withdrawn');

    expect(reply.body['consents']).toEqual([
      {
        channel: 'email',
        purpose: 'marketing',
        state: 'withdrawn',
        changedAt: '2026-03-01T12:00:00.000Z',
      },
    ]);
    const proofs = await api.db.query(sql`select state from consent_records order by changed_at`);
    expect(proofs.slice(-4)).toEqual([
      { state: 'granted' },
      { state: 'granted' },
      { state: 'withdrawn' },
      expect.anything(),
    ]);
    expect((await types()).filter((type) => type === 'ConsentChanged')).toHaveLength(2);
  });

  it('creates nobody', async () => {
    const reply = await api.post('/v1/consents', {
      customer: { phone: '+49 30 499' },
      consents: [{ channel: 'email', state: 'granted' }],
    });
    expect(reply).toMatchObject({ status: 422, body: { code: 'unknown-customer' } });
  });
});

describe('DELETE /v1/customers/{id}', () => {
  it('forgets the person and tells the others', async () => {
    const id = await create({ phone: '+49 30 501', name: 'Geraldine', externalId: 'C-501' });
    const purchase = aPurchase({ customer: { id } });
    const { body: bought } = await api.post('/v1/purchases', purchase);
    await api.forgetEvents();

    expect((await api.send('DELETE', `/v1/customers/${id}`)).status).toBe(200);

    expect(await types()).toEqual(['CustomerErased', 'Tombstone']);
    expect((await api.get(`/v1/customers/${id}`)).status).toBe(404);
    expect((await api.send('DELETE', `/v1/customers/${id}`)).status).toBe(404);
    expect((await api.post('/v1/purchases', aPurchase({ customer: { id } }))).status).toBe(422);
    expect((await api.post('/v1/purchases', purchase)).body).toEqual(bought);
    const somebodyElse = await create({ phone: '+49 30 501' });
    expect(somebodyElse).not.toBe(id);
    const [row] = await api.db.query(
      sql`select c::text as row from customers c where id = ${id}::uuid`,
    );
    expect(JSON.stringify(row)).not.toMatch(/Geraldine|30501/);
  });
});

describe('GET /v1/customers?count=exact', () => {
  it('says how many there are beside the page', async () => {
    const ofPage = async (url: string) =>
      (await api.get(url)).body['page'] as { total?: number; hasMore: boolean };
    const { total } = await ofPage('/v1/customers?limit=1&count=exact');
    await create({ phone: '+49 30 778899' });

    expect(await ofPage('/v1/customers?limit=1&count=exact')).toMatchObject({
      total: Number(total) + 1,
      hasMore: true,
    });
    expect(await ofPage('/v1/customers?phone=%2B4930778899&count=exact')).toMatchObject({
      total: 1,
    });
  });
});
