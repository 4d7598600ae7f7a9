import type { AnswerKind, PurchaseState, SegmentChanged, StreamEvent } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { BatchTransaction, Outcome } from '@regulars/messaging';
import type { Database } from '@regulars/persistence';

/** Events valid by default: override only what the test is about. */
let sequence = 0;

export function meta(customerId: string, at = '2026-05-01T10:00:00Z') {
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

export type PurchaseEvent = StreamEvent<'purchase'>;

export function aPurchase(
  customerId: string,
  over: Partial<PurchaseState> = {},
  type: PurchaseEvent['type'] = 'PurchaseRecorded',
): PurchaseEvent {
  const purchaseDay = over.purchaseDay ?? '2026-05-01';
  return {
    ...meta(customerId),
    stream: 'purchase',
    type,
    data: {
      purchaseId: newId(),
      customerId,
      source: 'shop',
      orderId: newId(),
      revision: 1,
      purchaseDay,
      purchasedAt: `${purchaseDay}T10:00:00Z`,
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

export function aSegmentChange(
  customerId: string,
  over: Partial<SegmentChanged> = {},
): StreamEvent<'segment'> {
  return {
    ...meta(customerId),
    stream: 'segment',
    type: 'SegmentChanged',
    data: {
      customerId,
      to: 'regular',
      cause: 'purchase',
      day: '2026-05-01',
      inputs: { rule: 'test', purchaseCount: 1 },
      ...over,
    },
  };
}

export function anErasure(customerId: string, at: string): StreamEvent<'customer'> {
  return {
    ...meta(customerId, at),
    stream: 'customer',
    type: 'CustomerErased',
    data: { customerId, erasureId: newId() },
  };
}

type TouchType = StreamEvent<'touch'>['type'];

export function aTouch(
  customerId: string,
  type: Exclude<TouchType, 'TouchAnswered' | 'TouchDeferred' | 'TouchFailed'>,
  over: { touchId?: string; at?: string; campaignId?: string; reason?: string } = {},
): StreamEvent<'touch'> {
  const at = over.at ?? '2026-05-01T09:00:00Z';
  return {
    ...meta(customerId, at),
    stream: 'touch',
    type,
    data: {
      touchId: over.touchId ?? newId(),
      customerId,
      campaignId: over.campaignId ?? newId(),
      campaignVersion: 1,
      enrolmentId: newId(),
      step: 1,
      directness: 'presence',
      cycle: newId(),
      channel: 'email',
      dueAt: '2026-05-01T09:00:00Z',
      holdout: false,
      reason: over.reason ?? 'due-soon',
    },
  };
}

export function aFailure(customerId: string, final: boolean): StreamEvent<'touch'> {
  const touch = aTouch(customerId, 'TouchSent', { reason: 'mailbox-full' });
  return { ...touch, type: 'TouchFailed', data: { ...touch.data, final } };
}

export function anAnswer(
  customerId: string,
  answer: AnswerKind,
  over: Parameters<typeof aTouch>[2] = {},
): StreamEvent<'touch'> {
  const touch = aTouch(customerId, 'TouchSent', over);
  const data = { ...touch.data, answer, answeredAt: touch.occurredAt.toISOString() };
  return { ...touch, type: 'TouchAnswered', data };
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
      group: 'metrics',
      redriving,
      note: (outcome, count) => {
        if (count > 0) notes[outcome] = (notes[outcome] ?? 0) + count;
      },
    }),
  );
  return notes;
}
