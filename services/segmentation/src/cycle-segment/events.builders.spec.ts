import type {
  Consumed,
  ForecastUpdated,
  PurchaseState,
  StreamEvent,
  Tombstone,
} from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { BatchTransaction, Outcome } from '@regulars/messaging';
import type { Database } from '@regulars/persistence';

/** Events valid by default: override only what the test is about. */
let sequence = 0;

export function meta(customerId: string, at = '2026-03-02T10:00:00Z') {
  sequence += 1;
  return {
    id: newId(),
    version: 1,
    epoch: 1,
    sequence,
    key: customerId,
    occurredAt: new Date(at),
    recordedAt: new Date(at),
    correlationId: 'test',
    source: 'test',
  };
}

/** A steady customer of five purchase days. */
export function aForecast(
  customerId: string,
  over: Partial<ForecastUpdated> = {},
  at?: string,
): StreamEvent<'forecast'> {
  const envelope = meta(customerId, at);
  const purchaseCount = over.purchaseCount ?? 5;
  return {
    ...envelope,
    stream: 'forecast',
    type: 'ForecastUpdated',
    data: {
      customerId,
      basedOn: {
        lastPurchaseDay: '2026-03-01',
        purchaseCount,
        epoch: 1,
        sequence: envelope.sequence,
      },
      cause: 'purchase',
      cycle: newId(),
      imported: false,
      purchaseCount,
      firstPurchaseDay: '2025-11-01',
      lastPurchaseDay: '2026-03-01',
      cycleDays: 30,
      gapVariation: 0.2,
      pRegular: 0.9,
      pNoCycle: 0.01,
      lostDay: '2026-07-01',
      basis: 'own data',
      predictability: { state: 'ok' },
      modelVersion: 'test-1',
      categories: [],
      ...over,
    },
  };
}

export function aTombstone(customerId: string): Tombstone<'forecast'> {
  const { id, version, epoch, sequence, key } = meta(customerId);
  return { id, version, epoch, sequence, key, stream: 'forecast', type: 'Tombstone' };
}

type Customer = StreamEvent<'customer'>;

export function aRegistration(customerId: string, at = '2026-03-01T08:00:00Z'): Customer {
  return {
    ...meta(customerId, at),
    stream: 'customer',
    type: 'CustomerRegistered',
    data: { customerId, kind: 'person', registeredAt: at, imported: false },
  };
}

export function anErasure(customerId: string): Customer {
  return {
    ...meta(customerId, '2026-04-01T08:00:00Z'),
    stream: 'customer',
    type: 'CustomerErased',
    data: { customerId, erasureId: newId() },
  };
}

export function aMerge(customerId: string, into: string): Customer {
  return {
    ...meta(customerId),
    stream: 'customer',
    type: 'CustomerMerged',
    data: { customerId, into, mergeId: newId() },
  };
}

export function aPurchase(
  customerId: string,
  over: Partial<PurchaseState> = {},
): StreamEvent<'purchase'> {
  return {
    ...meta(customerId),
    stream: 'purchase',
    type: 'PurchaseRecorded',
    data: {
      purchaseId: newId(),
      customerId,
      source: 'shop',
      orderId: newId(),
      revision: 1,
      purchaseDay: '2026-03-01',
      purchasedAt: '2026-03-01T10:00:00Z',
      currency: 'EUR',
      totalMinor: 1_000,
      refundedMinor: 0,
      fullyRefunded: false,
      lines: [],
      imported: false,
      ...over,
    },
  };
}

/** Runs a handler's batch as the port would; answers how the events ended that were not applied. */
export async function inBatch(
  database: Database,
  run: (tx: BatchTransaction) => Promise<void>,
  redriving = false,
): Promise<Partial<Record<Outcome, number>>> {
  const notes: Partial<Record<Outcome, number>> = {};
  await database.withTransaction((tx) =>
    run({
      ...tx,
      group: 'segmentation',
      redriving,
      note: (outcome, count) => {
        if (count > 0) notes[outcome] = (notes[outcome] ?? 0) + count;
      },
    }),
  );
  return notes;
}

export type ForecastEvent = Consumed<'forecast'>;
