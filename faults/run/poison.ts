import { encodeBody, topics, type NewEvent } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { OutgoingRecord } from '@regulars/messaging';

export const laterOrder = 'later-version';

/** Records that no contract allows, as a broken producer or a stranger could write them. */
export const poison: Readonly<Record<string, () => OutgoingRecord>> = {
  'bad JSON': () => record({ value: Buffer.from('{"no":') }),
  'a wrong schema': () =>
    record({ value: Buffer.from(JSON.stringify({ key: 1, data: { purchaseDay: 'soon' } })) }),
  'a huge body': () =>
    record({ value: Buffer.from(JSON.stringify({ data: 'x'.repeat(500_000) })) }),
  'no key': () => record({ key: null }),
  'a tombstone': () => record({ value: null }),
  'no headers': () => record({ headers: {} }),
  'a type that nobody knows': () => record({ headers: headers({ type: 'PurchaseDreamt' }) }),
};

/** What a producer that was upgraded first would write. */
export function fromTheFuture(): OutgoingRecord {
  return record({ headers: headers({ version: '9' }) });
}

/** A purchase that was taken back, so that what it does to reports is nothing. */
function record(change: Partial<OutgoingRecord>): OutgoingRecord {
  const customerId = newId();
  const event: NewEvent<'purchase'> = {
    stream: 'purchase',
    type: 'PurchaseRemoved',
    key: customerId,
    occurredAt: new Date(),
    data: {
      purchaseId: newId(),
      customerId,
      source: 'api',
      orderId: laterOrder,
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
  return {
    topic: topics.purchase.name,
    key: Buffer.from(customerId),
    value: Buffer.from(encodeBody(event, event.occurredAt, 'ingestion', newId())),
    headers: headers({}),
    ...change,
  };
}

function headers(change: Readonly<Record<string, string>>): OutgoingRecord['headers'] {
  const all = {
    type: 'PurchaseRemoved',
    version: '1',
    id: newId(),
    epoch: '1',
    sequence: '1',
    ...change,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, Buffer.from(value)]));
}
