import type {
  Channel,
  CycleSegment,
  EventData,
  DeepReadonly,
  ForecastUpdated,
  PurchaseState,
  StreamEvent,
  Tombstone,
} from '@regulars/contracts';
import { addDays, newId, type Day } from '@regulars/kernel';
import type { AnyEvent } from './campaigns.kit.spec.js';

/** Events of other services, valid by default. Positions rise by themselves, as on the real topics. */
let sequence = 0;

function meta(key: string): {
  id: string;
  version: number;
  epoch: number;
  sequence: number;
  key: string;
  occurredAt: Date;
  recordedAt: Date;
  correlationId: string;
  source: string;
} {
  const at = new Date('2026-01-01T00:00:00Z');
  sequence += 1;
  return {
    id: newId(),
    version: 1,
    epoch: 1,
    sequence,
    key,
    occurredAt: at,
    recordedAt: at,
    correlationId: newId(),
    source: 'test',
  };
}

type PurchaseEvent = StreamEvent<'purchase'>;
type CustomerEvent = StreamEvent<'customer'>;

export function aPurchase(
  customerId: string,
  purchaseDay: Day,
  over: DeepReadonly<Partial<PurchaseState>> = {},
  type: PurchaseEvent['type'] = 'PurchaseRecorded',
): PurchaseEvent {
  const id = newId();
  return {
    ...meta(customerId),
    stream: 'purchase',
    type,
    data: {
      purchaseId: id,
      customerId,
      source: 'shop',
      orderId: id,
      revision: 1,
      purchaseDay,
      purchasedAt: `${purchaseDay}T10:00:00Z`,
      currency: 'EUR',
      totalMinor: 2_000,
      refundedMinor: 0,
      fullyRefunded: false,
      lines: [],
      imported: false,
      ...over,
    },
  };
}

/** A forecast that answers a purchase: due a cycle after it. */
export function aForecast(
  purchase: PurchaseEvent,
  over: Partial<ForecastUpdated> = {},
): StreamEvent<'forecast'> {
  const { purchaseDay, purchaseId, customerId, imported } = purchase.data;
  const cycleDays = over.cycleDays ?? 90;
  return {
    ...meta(customerId),
    stream: 'forecast',
    type: 'ForecastUpdated',
    data: {
      customerId,
      basedOn: {
        lastPurchaseDay: purchaseDay,
        purchaseCount: 3,
        epoch: purchase.epoch,
        sequence: purchase.sequence,
      },
      cause: 'purchase',
      cycle: purchaseId,
      imported,
      purchaseCount: 3,
      firstPurchaseDay: addDays(purchaseDay, -2 * cycleDays),
      lastPurchaseDay: purchaseDay,
      cycleDays,
      dueDay: addDays(purchaseDay, cycleDays),
      lostDay: addDays(purchaseDay, 3 * cycleDays),
      basis: 'own data',
      predictability: { state: 'ok' },
      expectedPurchaseValueMinor: 2_000,
      currency: 'EUR',
      modelVersion: 'test-1',
      categories: [],
      ...over,
    },
  };
}

export function noForecast(customerId: string): Tombstone<'forecast'> {
  return { ...meta(customerId), stream: 'forecast', type: 'Tombstone' };
}

export function aSegment(customerId: string, to: CycleSegment): StreamEvent<'segment'> {
  return {
    ...meta(customerId),
    stream: 'segment',
    type: 'SegmentChanged',
    data: {
      customerId,
      to,
      cause: 'purchase',
      day: '2026-01-01',
      inputs: { rule: 'test', purchaseCount: 3 },
    },
  };
}

export function aProfile(
  customerId: string,
  over: Partial<EventData<'customer-profile', 'CustomerProfileChanged'>> = {},
): StreamEvent<'customer-profile'> {
  return {
    ...meta(customerId),
    stream: 'customer-profile',
    type: 'CustomerProfileChanged',
    data: {
      customerId,
      kind: 'person',
      name: 'Ada',
      phone: '+4930901820',
      email: 'ada@example.org',
      messengers: [],
      socialProfiles: [],
      externalIds: [],
      importantDates: [],
      attributes: {},
      ...over,
    },
  };
}

export function aConsent(
  customerId: string,
  state: 'granted' | 'withdrawn',
  over: { channel?: Channel; settlesStop?: string; changedAt?: string } = {},
): CustomerEvent {
  return {
    ...meta(customerId),
    stream: 'customer',
    type: 'ConsentChanged',
    data: {
      customerId,
      consents: [
        {
          channel: over.channel ?? 'email',
          purpose: 'marketing',
          state,
          changedAt: over.changedAt ?? '2026-01-01T00:00:00Z',
        },
      ],
      ...(over.settlesStop === undefined ? {} : { settlesStop: over.settlesStop }),
    },
  };
}

export function erased(customerId: string): CustomerEvent {
  return {
    ...meta(customerId),
    stream: 'customer',
    type: 'CustomerErased',
    data: { customerId, erasureId: newId() },
  };
}

/** `into` null: the merge is taken back. */
export function merged(customerId: string, into: string | null): CustomerEvent {
  const base = { ...meta(customerId), stream: 'customer' } as const;
  return into === null
    ? { ...base, type: 'CustomerUnmerged', data: { customerId, from: newId(), mergeId: newId() } }
    : { ...base, type: 'CustomerMerged', data: { customerId, into, mergeId: newId() } };
}

/** A reachable customer in a segment, who bought on a day: everything that a ladder needs. */
export function aBuyer(
  purchaseDay: Day,
  over: {
    customerId?: string;
    segment?: CycleSegment;
    imported?: boolean;
    timeZone?: string;
    forecast?: Partial<ForecastUpdated>;
  } = {},
): { customerId: string; purchase: PurchaseEvent; events: AnyEvent[] } {
  const customerId = over.customerId ?? newId();
  const purchase = aPurchase(customerId, purchaseDay, { imported: over.imported ?? false });
  const events: AnyEvent[] = [
    aProfile(customerId, over.timeZone === undefined ? {} : { timeZone: over.timeZone }),
    aConsent(customerId, 'granted'),
    purchase,
    aForecast(purchase, over.forecast),
    aSegment(customerId, over.segment ?? 'regular'),
  ];
  return { customerId, purchase, events };
}
