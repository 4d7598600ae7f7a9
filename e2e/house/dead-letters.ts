import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  deadLetterTopic,
  encodeBody,
  topics,
  type NewEvent,
  type ServiceName,
} from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { EventLog, LogRecord, OutgoingRecord } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { raw } from './raw.ts';
import type { House } from './house.ts';
import { sumOf } from './series.ts';

interface Letter {
  readonly id: number;
  readonly topic: string;
  readonly reason: string;
  readonly attempts: number;
}

const customerId = newId();
const consumers: readonly ServiceName[] = ['prediction', 'segmentation', 'campaigns', 'metrics'];

/** A poison event goes aside with its reason, the rest flows, and a redrive delivers it: the same on both logs. */
export function proveDeadLetters(start: () => Promise<{ house: House; log: EventLog }>): void {
  let house: House;
  let log: EventLog;
  beforeAll(async () => {
    ({ house, log } = await start());
    // What prediction cannot store stands for a defect that a release brought and the next one mends.
    await house.rows(
      raw(
        `alter table prediction.ledger_orders add constraint e2e_defect check (order_id <> 'poison')`,
      ),
    );
    const producer = await log.producer();
    await producer.send([aPurchase('poison'), garbage]);
    await producer.close();
    await house.api.post('/v1/purchases/batch', { items: Array.from({ length: 50 }, anOrder) });
    await house.drained();
  });
  afterAll(async () => {
    await log.close();
    await house.stop();
  });

  const letters = async (service: ServiceName): Promise<Letter[]> =>
    house.api.all<Letter>(`/v1/admin/${service}/dead-letters`);
  const inLedger = async (): Promise<number> =>
    Number(
      (
        await house.rows(
          sql`select count(*) from prediction.ledger_orders where order_id = 'poison'`,
        )
      )[0]?.['count'],
    );

  it('lets everything else flow', async () => {
    expect(await house.api.all('/v1/forecasts')).toHaveLength(50);
    // The poison is one for prediction only: reports have it and the 50 others.
    expect(await house.api.get('/v1/reports/customers')).toMatchObject({ orders: 51 });
    expect(sumOf(await house.scrape(), 'regulars_consumer_blocked')).toBe(0);
  });

  it('sets aside what does not decode at once, in every service that reads it', async () => {
    for (const service of consumers) {
      const undecodable = (await letters(service)).filter(({ reason }) =>
        reason.startsWith('undecodable'),
      );
      expect(undecodable).toMatchObject([
        { topic: topics.purchase.name, reason: 'undecodable-bad-headers', attempts: 1 },
      ]);
    }
  });

  it('tries the poison again by itself before it sets it aside, with the reason', async () => {
    const [letter] = (await letters('prediction')).filter(({ reason }) => reason.endsWith('23514'));
    expect(letter).toMatchObject({ topic: topics.purchase.name, attempts: 3 });
  });

  it('tells the dead-letter topic: the record as it was, origin and reason', async () => {
    const notices = await readAll(log, deadLetterTopic('prediction'), 2);
    const poison = notices.find(({ key }) => text(key) === customerId);

    expect(text(poison?.value)).toBe(text(aPurchase('poison').value));
    const headers = Object.fromEntries(
      Object.entries(poison?.headers ?? {}).map(([name, value]) => [name, text(value)]),
    );
    expect(headers).toMatchObject({
      'origin-topic': topics.purchase.name,
      'origin-group': 'prediction',
      'original-type': 'PurchaseRecorded',
      reason: expect.stringMatching(/23514$/),
    });
  });

  it('delivers it by a redrive after the fix, once, and not before', async () => {
    const [letter] = (await letters('prediction')).filter(({ reason }) => reason.endsWith('23514'));
    const redrive = async () =>
      (
        await house.api.post<{ results: unknown }>('/v1/admin/prediction/redrive', {
          ids: [letter?.id],
        })
      ).results;

    expect(await redrive()).toMatchObject([{ result: 'failed' }]);
    expect(await inLedger()).toBe(0);

    await house.rows(raw('alter table prediction.ledger_orders drop constraint e2e_defect'));
    expect(await redrive()).toEqual([{ id: letter?.id, result: 'redriven' }]);
    expect(await redrive()).toEqual([{ id: letter?.id, result: 'not-dead' }]);
    await house.drained();

    expect(await inLedger()).toBe(1);
    expect(await house.api.get(`/v1/forecasts/${customerId}`)).toMatchObject({ purchaseCount: 1 });
  });
}

const garbage: OutgoingRecord = {
  topic: topics.purchase.name,
  key: Buffer.from('garbage'),
  value: Buffer.from('{"no":'),
  headers: {},
};

const purchaseId = newId();

/** An event as ingestion would have written it, past ingestion. */
function aPurchase(orderId: string): OutgoingRecord {
  const event: NewEvent<'purchase'> = {
    stream: 'purchase',
    type: 'PurchaseRecorded',
    key: customerId,
    occurredAt: new Date('2026-01-15T12:00:00Z'),
    data: {
      purchaseId,
      customerId,
      source: 'api',
      orderId,
      revision: 1,
      purchaseDay: '2026-01-15',
      purchasedAt: '2026-01-15T12:00:00.000Z',
      currency: 'EUR',
      totalMinor: 1_000,
      refundedMinor: 0,
      fullyRefunded: false,
      lines: [],
      imported: false,
    },
  };
  const headers = { type: event.type, version: '1', id: purchaseId, epoch: '1', sequence: '1' };
  return {
    topic: topics.purchase.name,
    key: Buffer.from(customerId),
    value: Buffer.from(encodeBody(event, event.occurredAt, 'ingestion', purchaseId)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    ),
  };
}

function anOrder(_: unknown, index: number): object {
  return {
    orderId: `order-${String(index)}`,
    customer: { externalId: `customer-${String(index)}` },
    purchaseDay: '2026-01-15',
    total: { amountMinor: 1_000, currency: 'EUR' },
  };
}

/** Reads a topic from its beginning until it has given so many records. */
async function readAll(log: EventLog, topic: string, atLeast: number): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const consumer = log.consumer({
    group: 'e2e-reader',
    topics: [topic],
    onBatch: (batch) => {
      records.push(...batch.records);
      return Promise.resolve(batch.nextOffset);
    },
    storedOffsets: () => Promise.resolve([]),
    onFatal: (error) => {
      throw error;
    },
  });
  await consumer.start();
  await eventually(() => records.length >= atLeast, { withinMs: 120_000 });
  await consumer.close();
  return records;
}

function text(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
