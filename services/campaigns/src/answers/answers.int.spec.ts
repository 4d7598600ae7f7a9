import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aConsent, aForecast, aPurchase, erased } from '../events.kit.spec.js';

jest.setTimeout(300_000);

describe('answers', () => {
  let shop: Shop;
  /** Two touches of the ladder have been captured for everybody who bought on 2026-01-10 (due 2026-04-10). */
  beforeAll(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
    await runCampaign(shop);
    await shop.receive(all.flatMap(({ events }) => events));
    await shop.until('2026-04-04T08:00:00Z');
    await shop.told();
  });
  afterAll(() => shop.close());

  const people = Object.fromEntries(
    ['bought', 'yes', 'no', 'stop', 'later', 'theyCome', 'withdraws', 'leaves', 'erased'].map(
      (name) => [name, aBuyer('2026-01-10')],
    ),
  ) as Record<
    'bought' | 'yes' | 'no' | 'stop' | 'later' | 'theyCome' | 'withdraws' | 'leaves' | 'erased',
    ReturnType<typeof aBuyer>
  >;
  const all = Object.values(people);

  async function answer(who: keyof typeof people, body: Record<string, unknown>) {
    const { customerId } = people[who];
    const touches = await touchesOf(shop, customerId);
    const captured = touches.filter(({ state }) => state === 'captured');
    return shop.post(`/v1/touches/${captured.at(-1)?.id ?? ''}/answers`, body);
  }
  const states = async (who: keyof typeof people) =>
    (await touchesOf(shop, people[who].customerId)).map(
      ({ state, reason }) => `${state} ${reason}`,
    );

  it('bought ends the ladder, and saying it twice changes nothing', async () => {
    expect(await answer('bought', { answer: 'bought' })).toMatchObject({
      status: 200,
      body: { state: 'answered', answer: 'bought' },
    });
    expect(await states('bought')).toEqual([
      'captured due-day',
      'answered due-day',
      'skipped answered-bought',
      'skipped answered-bought',
    ]);
    const [, touch] = await touchesOf(shop, people.bought.customerId);
    await shop.told();

    await shop.post(`/v1/touches/${touch?.id ?? ''}/answers`, { answer: 'bought' });

    expect(await shop.told()).toEqual([]);
  });

  it('yes ends it too and becomes a task to book, which comes back if nothing is bought', async () => {
    await answer('yes', { answer: 'yes' });
    const { customerId } = people.yes;
    const open = await shop.get(`/v1/tasks?customerId=${customerId}`);
    expect(open.body['data']).toMatchObject([{ kind: 'book', customerName: 'Ada', attempt: 1 }]);

    const [task] = open.body['data'] as { id: string }[];
    const done = await shop.post(`/v1/tasks/${task?.id ?? ''}/outcome`, {
      outcome: 'done',
      by: 'Eve',
    });
    expect(done).toMatchObject({ status: 200, body: { state: 'done', outcome: 'done' } });
    expect(await states('yes')).toContain('skipped answered-yes');
  });

  it('no keeps the reason and needs one', async () => {
    expect(await answer('no', { answer: 'no' })).toMatchObject({ status: 400 });

    await answer('no', { answer: 'no', reason: 'too-expensive', note: 'Cheaper elsewhere.' });

    const touches = await touchesOf(shop, people.no.customerId);
    expect(touches[1]?.answers).toMatchObject([{ answer: 'no', note: 'Cheaper elsewhere.' }]);
    const told = await shop.told();
    const answered = told.findLast(({ type }) => type === 'TouchAnswered');
    expect(answered).toMatchObject({ data: { answer: 'no', answerReason: 'too-expensive' } });
    // The words stay here.
    expect(JSON.stringify(told)).not.toContain('Cheaper');
  });

  it('stop skips what is open in the same transaction, and stands until the consent record agrees', async () => {
    const { customerId, purchase } = people.stop;
    await answer('stop', { answer: 'stop' });
    const told = await shop.told();
    expect(touchLines(told)).toEqual([
      'TouchSkipped 3 stopped',
      'TouchSkipped 4 stopped',
      'TouchAnswered 2 due-day',
    ]);
    const stop = told.find(({ type }) => type === 'TouchAnswered');
    const stopId = stop?.type === 'TouchAnswered' ? stop.data.stopId : undefined;
    expect(stopId).toBeDefined();

    // While the stop stands, not even a new cycle begins.
    const next = aPurchase(customerId, '2026-04-04');
    await shop.receive([next, aForecast(next)]);
    expect(touchLines(await shop.told())).toEqual([]);
    expect(purchase.data.customerId).toBe(customerId);
    expect((await shop.get('/v1/agenda?days=300')).text).toContain('Asked not to be contacted');

    await shop.receive([aConsent(customerId, 'withdrawn', { settlesStop: stopId ?? '' })]);
    const agenda = await shop.get('/v1/agenda?days=300&limit=200');
    const entries = agenda.body['data'] as { customerId: string; mayContact: boolean }[];
    expect(entries.find((entry) => entry.customerId === customerId)?.mayContact).toBe(false);
    const changedAt = '2026-04-05T00:00:00Z';
    await shop.receive([aConsent(customerId, 'granted', { changedAt })]);
    expect((await shop.get('/v1/agenda?days=300')).text).not.toContain('Asked not to be contacted');
  });

  it('later silences everything until the agreed hour, then a call falls due; doing it keeps the agreement', async () => {
    const { customerId } = people.later;
    const agreement = { day: '2026-04-20', hour: 15, whoActs: 'we-call' };
    expect(await answer('later', { answer: 'later', agreement })).toMatchObject({ status: 200 });
    expect(await states('later')).toEqual([
      'captured due-day',
      'answered due-day',
      'skipped agreement',
      'skipped agreement',
      'planned agreement',
    ]);
    const agenda = await shop.get('/v1/agenda?days=30');
    expect(agenda.text).toContain('Agreed for 2026-04-20 at 15:00: we call');

    await shop.until('2026-04-20T12:59:00Z');
    expect((await shop.get(`/v1/tasks?customerId=${customerId}`)).body['data']).toEqual([]);
    await shop.until('2026-04-20T13:01:00Z');
    const tasks = await shop.get(`/v1/tasks?customerId=${customerId}`);
    expect(tasks.body['data']).toMatchObject([
      { kind: 'touch', dueAt: '2026-04-20T13:00:00.000Z' },
    ]);

    const [task] = tasks.body['data'] as { id: string }[];
    await shop.post(`/v1/tasks/${task?.id ?? ''}/outcome`, { outcome: 'no', reason: 'has-enough' });
    const rows = await shop.db.dataSource.query<{ state: string }[]>(
      `select state from agreements where customer_id = $1`,
      [customerId],
    );
    expect(rows).toEqual([{ state: 'kept' }]);
  });

  it('an agreement that they come is broken a day after it, and a person asks', async () => {
    const { customerId } = people.theyCome;
    const agreement = { day: '2026-04-25', whoActs: 'they-come' };
    await answer('theyCome', { answer: 'later', agreement });

    await shop.until('2026-04-26T10:00:00Z');

    const rows = await shop.db.dataSource.query<{ state: string }[]>(
      `select state from agreements where customer_id = $1`,
      [customerId],
    );
    expect(rows).toEqual([{ state: 'broken' }]);
    expect((await shop.get(`/v1/tasks?customerId=${customerId}`)).body['data']).toHaveLength(1);
  });

  it('that no touch asked for get a touch whose whole life is told', async () => {
    const { customerId } = people.withdraws;
    await shop.told();

    await shop.post('/v1/touches/answers', { customerId, answer: 'no', reason: 'moved-away' });

    const own = (await shop.told()).filter(({ key }) => key === customerId);
    const lives = Map.groupBy(own, (event) => (event.stream === 'touch' ? event.data.touchId : ''));
    expect([...lives.values()].map((life) => life.map(({ type }) => type))).toEqual([
      ['TouchPlanned', 'TouchDelivered', 'TouchAnswered'],
    ]);
    const [unsolicited] = (await touchesOf(shop, customerId)).filter(({ step }) => step === 0);
    expect(unsolicited?.history.map(({ state }) => state)).toEqual([
      'planned',
      'delivered',
      'answered',
    ]);
  });

  it('a day that is behind cannot be agreed', async () => {
    const agreement = { day: '2026-01-01', whoActs: 'they-come' };

    expect(
      await shop.post('/v1/touches/answers', {
        customerId: people.no.customerId,
        answer: 'later',
        agreement,
      }),
    ).toMatchObject({ status: 400 });
  });

  it('a day that nobody agrees on cannot be agreed', async () => {
    const { customerId } = people.no;
    for (const day of ['9999-12-31', '2028-05-01']) {
      const refused = await shop.post('/v1/touches/answers', {
        customerId,
        answer: 'later',
        agreement: { day, whoActs: 'we-call' },
      });
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/agreement/day', code: 'day-too-far' }] },
      });
    }
  });

  it('an agreement is no part of another answer than later, nor of a task that is merely done', async () => {
    const { customerId } = people.no;
    const agreement = { day: '2026-05-20', whoActs: 'we-call' };
    const errors = [{ pointer: '/agreement', code: 'not-of-this-answer' }];

    expect(
      await shop.post('/v1/touches/answers', { customerId, answer: 'bought', agreement }),
    ).toMatchObject({ status: 422, body: { errors } });

    const [task] = (await shop.get(`/v1/tasks?customerId=${people.theyCome.customerId}`)).body[
      'data'
    ] as { id: string }[];
    const outcome = `/v1/tasks/${task?.id ?? ''}/outcome`;
    expect(await shop.post(outcome, { outcome: 'done', agreement })).toMatchObject({
      status: 422,
      body: { errors },
    });
    expect(await shop.post(outcome, { outcome: 'done', reason: 'why' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/reason' }] },
    });
    const farAway = { ...agreement, day: '9999-12-31' };
    expect(await shop.post(outcome, { outcome: 'later', agreement: farAway })).toMatchObject({
      status: 422,
    });
  });

  it('of an unknown customer or touch there is none', async () => {
    const body = { customerId: newId(), answer: 'bought' };
    expect(await shop.post('/v1/touches/answers', body)).toMatchObject({ status: 404 });
    expect(await shop.post(`/v1/touches/${newId()}/answers`, { answer: 'bought' })).toMatchObject({
      status: 404,
    });
  });

  it('a withdrawn consent skips at once what is left without a channel', async () => {
    const other = aBuyer('2026-03-20');
    await shop.receive(other.events);
    await shop.told();

    await shop.receive([aConsent(other.customerId, 'withdrawn')]);

    // Steps 3 and 4 may still become a person's task.
    expect(touchLines(await shop.told())).toEqual([
      'TouchSkipped 1 no-consent',
      'TouchSkipped 2 no-consent',
    ]);
  });

  it('erasure skips, deletes, reports, and ignores what comes late', async () => {
    const other = aBuyer('2026-03-20');
    await shop.receive(other.events);
    await shop.told();

    await shop.receive([erased(other.customerId)]);

    const told = await shop.told();
    expect(touchLines(told).every((line) => line.endsWith('erased'))).toBe(true);
    expect(told.at(-1)).toMatchObject({ type: 'PartErased', data: { rows: { profiles: 1 } } });
    const late = aBuyer('2026-04-20', { customerId: other.customerId });
    const noted = await shop.receive(late.events);
    expect(noted.superseded).toBe(5);
    expect(await shop.told()).toEqual([]);
    const rows = await shop.db.dataSource.query<unknown[]>(
      `select from profiles where customer_id = $1 and name is not null`,
      [other.customerId],
    );
    expect(rows).toEqual([]);
  });
});
