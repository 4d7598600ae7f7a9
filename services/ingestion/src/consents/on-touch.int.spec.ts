import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumed } from '@regulars/contracts';
import type { BatchTransaction, Outcome } from '@regulars/messaging';
import { newId } from '@regulars/kernel';
import { crashConsumer } from '@regulars/testing/crash';
import { startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';
import { OnTouch } from './on-touch.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());

let sequence = 0;

function answered(customerId: string, answer: 'stop' | 'yes'): Consumed<'touch'> {
  return {
    stream: 'touch',
    type: 'TouchAnswered',
    id: newId(),
    version: 1,
    epoch: 1,
    sequence: ++sequence,
    key: customerId,
    occurredAt: new Date('2026-03-02T10:00:00Z'),
    recordedAt: new Date('2026-03-02T10:00:00Z'),
    correlationId: newId(),
    source: 'campaigns',
    data: {
      touchId: newId(),
      customerId,
      campaignId: newId(),
      campaignVersion: 1,
      enrolmentId: newId(),
      step: 1,
      directness: 'reminder',
      cycle: newId(),
      channel: 'sms',
      dueAt: '2026-03-01T10:00:00Z',
      holdout: false,
      reason: 'due-soon',
      answer,
      answeredAt: '2026-03-02T10:00:00Z',
      stopId: '01990000-0000-7000-8000-000000000001',
    },
  };
}

/** As the port calls it, with the counts of what did not become an effect. */
async function handle(events: Consumed<'touch'>[]): Promise<Partial<Record<Outcome, number>>> {
  const notes: Partial<Record<Outcome, number>> = {};
  await api.db.withTransaction(async (tx) => {
    const batch: BatchTransaction = {
      ...tx,
      group: 'ingestion',
      redriving: false,
      note: (outcome, count) => (notes[outcome] = (notes[outcome] ?? 0) + count),
    };
    await new OnTouch().handle(events, batch);
  });
  return notes;
}

describe('a stop said to campaigns', () => {
  it('withdraws marketing on all channels and names what it settles, once', async () => {
    const { body } = await api.post('/v1/customers', {
      phone: '+49 30 901820',
      consents: [
        { channel: 'email', state: 'granted', changedAt: '2026-01-01T10:00:00Z' },
        {
          channel: 'email',
          purpose: 'invoices',
          state: 'granted',
          changedAt: '2026-01-01T10:00:00Z',
        },
      ],
    });
    const customerId = String(body['id']);
    await api.forgetEvents();
    const stop = answered(customerId, 'stop');

    expect(await handle([stop, answered(customerId, 'yes')])).toEqual({
      duplicate: 0,
      'not-consumed': 1,
    });
    expect(await handle([stop])).toMatchObject({ duplicate: 1 });

    const changedAt = '2026-03-02T10:00:00.000Z';
    expect(await api.events()).toMatchObject([
      {
        type: 'ConsentChanged',
        causationId: stop.id,
        data: {
          settlesStop: '01990000-0000-7000-8000-000000000001',
          consents: [
            { channel: 'email', purpose: 'invoices', state: 'granted' },
            { channel: 'email', purpose: 'marketing', state: 'withdrawn', changedAt },
            { channel: 'sms', purpose: 'marketing', state: 'withdrawn', changedAt },
          ],
        },
      },
    ]);
  });

  it('ends as it would have, however often its consumer crashes on the way', async () => {
    const { body } = await api.post('/v1/customers', { phone: '+49 30 901821' });
    await api.forgetEvents();

    const report = await crashConsumer({
      database: api.db,
      group: 'ingestion',
      handlers: () => ({ touch: new OnTouch() }),
      batches: [[answered(String(body['id']), 'stop')]],
      twice: true,
    });

    expect(report.differences).toEqual([]);
    expect(report.runs).toBeGreaterThan(25);
  });

  it('of a customer nobody knows changes nothing', async () => {
    await api.forgetEvents();
    await handle([answered(newId(), 'stop')]);
    expect(await api.events()).toEqual([]);
  });
});
