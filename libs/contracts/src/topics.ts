/** The topic table of docs/ARCHITECTURE.md. A topic has one producing service and 12 partitions, for ever. */
export type Stream =
  | 'customer'
  | 'customer-profile'
  | 'purchase'
  | 'product'
  | 'forecast'
  | 'forecast-record'
  | 'segment'
  | 'touch'
  | 'offer'
  | 'ingestion-receipts'
  | 'prediction-receipts'
  | 'segmentation-receipts'
  | 'campaigns-receipts'
  | 'metrics-receipts';

export type ServiceName = 'ingestion' | 'prediction' | 'segmentation' | 'campaigns' | 'metrics';

export const serviceNames: readonly ServiceName[] = [
  'ingestion',
  'prediction',
  'segmentation',
  'campaigns',
  'metrics',
];

export interface Topic {
  /** The name on the log: `regulars.purchase.v1`. */
  readonly name: string;
  /** The name without prefix and version; sequences and inbox positions are per stream. */
  readonly stream: Stream;
  readonly version: number;
  readonly producer: ServiceName;
  readonly cleanup: 'keep' | 'compact';
  /** For `keep`: how long; undefined = unlimited. */
  readonly retentionDays?: number;
  /** For `compact`: how long a tombstoned value may stay readable at most. */
  readonly maxCompactionLagMs?: number;
}

export const partitionCount = 12;
/** An event is refused above this size at the door of the outbox. */
export const maxEventBytes = 256 * 1024;
const day = 86_400_000;

function keep(stream: Stream, producer: ServiceName, retentionDays?: number): Topic {
  const name = `regulars.${stream}.v1`;
  const base = { name, stream, version: 1, producer, cleanup: 'keep' } as const;
  return retentionDays === undefined ? base : { ...base, retentionDays };
}

function compact(stream: Stream, producer: ServiceName): Topic {
  const name = `regulars.${stream}.v1`;
  return { name, stream, version: 1, producer, cleanup: 'compact', maxCompactionLagMs: day };
}

export const topics: Readonly<Record<Stream, Topic>> = {
  customer: keep('customer', 'ingestion'),
  'customer-profile': compact('customer-profile', 'ingestion'),
  purchase: keep('purchase', 'ingestion'),
  product: compact('product', 'ingestion'),
  forecast: compact('forecast', 'prediction'),
  'forecast-record': keep('forecast-record', 'prediction'),
  segment: keep('segment', 'segmentation'),
  touch: keep('touch', 'campaigns'),
  offer: keep('offer', 'campaigns'),
  'ingestion-receipts': keep('ingestion-receipts', 'ingestion', 30),
  'prediction-receipts': keep('prediction-receipts', 'prediction', 30),
  'segmentation-receipts': keep('segmentation-receipts', 'segmentation', 30),
  'campaigns-receipts': keep('campaigns-receipts', 'campaigns', 30),
  'metrics-receipts': keep('metrics-receipts', 'metrics', 30),
};

/** The dead-letter topic of a consumer group: notices; the row in the group's database is the truth. */
export function deadLetterTopic(group: ServiceName): string {
  return `regulars.${group}.dead-letter.v1`;
}

const byName = new Map(Object.values(topics).map((topic) => [topic.name, topic]));

export function topicByName(name: string): Topic | undefined {
  return byName.get(name);
}
