import { topics, type Consumed } from '@regulars/contracts';
import {
  consumerStore,
  decodeRecord,
  type EventLog,
  type LogRecord,
  type Outcome,
  type PartitionOffset,
} from '@regulars/messaging';
import type { Database } from '@regulars/persistence';

export type OwnEvent = Consumed<'touch'> | Consumed<'offer'>;

/** What this service has published of one partition and not yet looked at. */
export interface Published extends PartitionOffset {
  readonly events: readonly OwnEvent[];
  /** When the newest event of the partition was recorded, looked at before or not. */
  readonly newestAt: Date | undefined;
}

const own = [topics.touch.name, topics.offer.name];

/** This service's own topics, read from the stored offsets on. */
export class OwnLog {
  constructor(
    private readonly log: EventLog,
    private readonly database: Database,
  ) {}

  /** Partition by partition, up to where each ends now. */
  async *unread(): AsyncGenerator<Published> {
    const positions = new Map<string, bigint>();
    for (const at of await this.store.positions(own)) positions.set(nameOf(at), at.offset);
    for (const end of await this.log.endOffsets(own)) {
      const from = positions.get(nameOf(end)) ?? 0n;
      const events = (await this.records({ ...end, offset: from }, end.offset)).flatMap(eventOf);
      const newestAt = newest(events) ?? newest(await this.lastEvents(end));
      yield { ...end, events, newestAt };
    }
  }

  /** Everything up to these offsets is in the tables. */
  async reached(ends: readonly PartitionOffset[]): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const store = consumerStore(tx, this.database.options.service);
      for (const topic of own) {
        const steps = ends.filter((end) => end.topic === topic);
        const { positions } = await store.lockPositions(
          topic,
          steps.map(({ partition }) => partition),
        );
        await store.advance(
          topic,
          steps.map(({ partition, offset }) => {
            const from = positions.get(partition) ?? 0n;
            // Both topics are kept whole: every offset is an event, and each of them is in the tables.
            const known = Math.max(0, Number(offset - from));
            const counts = new Map<Outcome, number>(known > 0 ? [['applied', known]] : []);
            return { partition, from, next: offset, counts, deadInRow: 0 };
          }),
        );
      }
    });
  }

  /** What stands in the log was written together with the tables: all of it is known here. */
  async reachedEnds(): Promise<void> {
    await this.reached(await this.log.endOffsets(own));
  }

  private get store() {
    return consumerStore(this.database, this.database.options.service);
  }

  private async lastEvents(end: PartitionOffset): Promise<OwnEvent[]> {
    for (let back = 8n; end.offset > 0n; back *= 8n) {
      const from = end.offset > back ? end.offset - back : 0n;
      const events = (await this.records({ ...end, offset: from }, end.offset)).flatMap(eventOf);
      if (events.length > 0 || from === 0n) return events;
    }
    return [];
  }

  private async records(from: PartitionOffset, to: bigint): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (let offset = from.offset; offset < to;) {
      const stretch = await this.log.read({ ...from, offset });
      records.push(...stretch.records);
      if (stretch.nextOffset <= offset) break;
      offset = stretch.nextOffset;
    }
    return records;
  }
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}/${String(partition)}`;

function eventOf(record: LogRecord): OwnEvent[] {
  const decoded = decodeRecord(record);
  // One of a later version was written by a newer release: going on without it could send twice.
  if (decoded.kind === 'later-version') throw decoded.error;
  return decoded.kind === 'event' && isOwn(decoded.event) ? [decoded.event] : [];
}

function isOwn(event: { readonly stream: string }): event is OwnEvent {
  return event.stream === 'touch' || event.stream === 'offer';
}

function newest(events: readonly OwnEvent[]): Date | undefined {
  const times = events.map(({ recordedAt }) => recordedAt.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
