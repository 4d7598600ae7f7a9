import type Type from 'typebox';
import * as customer from './customer.js';
import * as forecast from './forecast.js';
import * as purchase from './purchase.js';
import * as segment from './segment.js';
import type { Stream } from './topics.js';
import * as touch from './touch.js';

const receipts = { PartErased: touch.PartErased, PartGathered: touch.PartGathered };

/** Every event type of every stream, by its schema. Additive change keeps the version; anything else is a new one. */
export const eventSchemas = {
  customer: {
    CustomerRegistered: customer.CustomerRegistered,
    CustomerMerged: customer.CustomerMerged,
    CustomerUnmerged: customer.CustomerUnmerged,
    ConsentChanged: customer.ConsentChanged,
    CustomerErased: customer.CustomerErased,
  },
  'customer-profile': { CustomerProfileChanged: customer.CustomerProfileChanged },
  purchase: {
    PurchaseRecorded: purchase.PurchaseRecorded,
    PurchaseCorrected: purchase.PurchaseCorrected,
    PurchaseRefunded: purchase.PurchaseRefunded,
    PurchaseRemoved: purchase.PurchaseRemoved,
  },
  product: { ProductChanged: purchase.ProductChanged },
  forecast: { ForecastUpdated: forecast.ForecastUpdated },
  'forecast-record': { ForecastJudged: forecast.ForecastJudged },
  segment: { SegmentChanged: segment.SegmentChanged },
  touch: {
    TouchPlanned: touch.TouchPlanned,
    TouchDeferred: touch.TouchDeferred,
    TouchSkipped: touch.TouchSkipped,
    TouchCaptured: touch.TouchCaptured,
    TouchSending: touch.TouchSending,
    TouchSent: touch.TouchSent,
    TouchDelivered: touch.TouchDelivered,
    TouchFailed: touch.TouchFailed,
    TouchUnknown: touch.TouchUnknown,
    TouchAnswered: touch.TouchAnswered,
  },
  offer: {
    OfferMade: touch.OfferMade,
    OfferAccepted: touch.OfferAccepted,
    OfferDeclined: touch.OfferDeclined,
    OfferExpired: touch.OfferExpired,
  },
  'ingestion-receipts': receipts,
  'prediction-receipts': receipts,
  'segmentation-receipts': receipts,
  'campaigns-receipts': receipts,
  'metrics-receipts': receipts,
} as const satisfies Record<Stream, Record<string, Type.TSchema>>;

type Schemas = typeof eventSchemas;
export type EventType<S extends Stream> = keyof Schemas[S] & string;
export type EventData<S extends Stream, T extends EventType<S>> = Schemas[S][T] extends Type.TSchema
  ? Type.Static<Schemas[S][T]>
  : never;

/** Where and when an event came from; the same for all types. */
export interface EventMeta {
  readonly id: string;
  readonly version: number;
  /** (`epoch`, `sequence`) rises per stream and key: the position that duplicates are dropped by. */
  readonly epoch: number;
  readonly sequence: number;
  /** The customer, on `product` the product. */
  readonly key: string;
  /** When it happened. */
  readonly occurredAt: Date;
  /** When the producing service stored it. */
  readonly recordedAt: Date;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly source: string;
  /** W3C traceparent. */
  readonly trace?: string;
}

/** Nothing in it can be changed, at any depth. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Field in keyof T]: DeepReadonly<T[Field]> }
    : T;

/** A decoded event of a stream: a union over its types, told apart by `type`. Several consumers may hold the same one. */
export type StreamEvent<S extends Stream> = {
  [T in EventType<S>]: EventMeta & {
    readonly stream: S;
    readonly type: T;
    readonly data: DeepReadonly<EventData<S, T>>;
  };
}[EventType<S>];

/** On a compacted topic: the key's value is gone (erasure, merging away). It has headers and no body. */
export interface Tombstone<S extends Stream> extends Pick<
  EventMeta,
  'id' | 'version' | 'epoch' | 'sequence' | 'key' | 'trace'
> {
  readonly stream: S;
  readonly type: 'Tombstone';
}

export type CompactedStream = 'customer-profile' | 'product' | 'forecast';
/** What a handler of the stream receives. */
export type Consumed<S extends Stream> =
  StreamEvent<S> | (S extends CompactedStream ? Tombstone<S> : never);

/** What a producer hands to the outbox; the rest of the envelope is added there. */
export type NewEvent<S extends Stream = Stream> = {
  [K in S]: {
    [T in EventType<K>]: {
      readonly stream: K;
      readonly type: T;
      readonly key: string;
      readonly occurredAt: Date;
      readonly data: DeepReadonly<EventData<K, T>>;
      /** Taken over from the event or request that caused this one. */
      readonly causedBy?: Cause;
    };
  }[EventType<K>];
}[S];

export interface NewTombstone {
  readonly stream: CompactedStream;
  readonly type: 'Tombstone';
  readonly key: string;
  readonly causedBy?: Cause;
}

/** What an event inherits: trace and correlation travel through relay, retry, dead letter and redrive. */
export interface Cause {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly trace?: string;
}

/** The cause that an event is to its consequences. */
export function causeOf(
  event: Pick<EventMeta, 'id' | 'trace'> & { correlationId?: string },
): Cause {
  return {
    correlationId: event.correlationId ?? event.id,
    causationId: event.id,
    ...(event.trace === undefined ? {} : { trace: event.trace }),
  };
}
