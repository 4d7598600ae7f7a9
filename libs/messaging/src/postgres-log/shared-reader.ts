import type { LogRecord } from '../event-log.js';
import type { Fetched, Wanted } from './log-store.js';
import { RecentStretches, type Piece } from './recent-stretches.js';

export interface FetchLimits {
  readonly maxRecords: number;
  /** Of values; the record that passes it is still handed out. */
  readonly maxBytes: number;
}

/** `end`: up to where the reader knows that records are. */
export interface WantedStretch extends Wanted {
  readonly end: bigint;
}

type Read = (wanted: readonly Wanted[], limits: FetchLimits) => Promise<readonly Fetched[]>;

/**
 * The consumers of a process read the same records, mostly at the same time: each is read from the tables once, and those
 * who want what is being read wait for it.
 */
export class SharedReader {
  private readonly recent = new RecentStretches();
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(private readonly read: Read) {}

  /** The next records of each partition. */
  async fetch(wanted: readonly WantedStretch[], limits: FetchLimits): Promise<Fetched[]> {
    for (let others = this.othersReading(wanted); others.length > 0;) {
      // What came of it, its reader hears. Between the last look and our own reading nobody else may begin one.
      await Promise.allSettled(others);
      others = this.othersReading(wanted);
    }
    const known = wanted.map((one) => this.known(one, limits));
    const missing = wanted.flatMap((one, index) => {
      const piece = known[index];
      return piece && isEnough(piece, one, limits)
        ? []
        : [{ ...one, position: piece?.next ?? one.position }];
    });
    const found = missing.length === 0 ? [] : await this.readMissing(missing, limits);
    return wanted.flatMap((one, index) => {
      const piece = known[index];
      const rest = found.find(
        ({ topic, partition }) => topic === one.topic.name && partition === one.partition,
      );
      return piece || rest ? [joined(one, piece, rest, limits)] : [];
    });
  }

  /** After records were removed from the tables. */
  forget(): void {
    this.recent.clear();
  }

  private known({ topic, partition, position }: Wanted, limits: FetchLimits): Piece | undefined {
    const piece = this.recent.from(nameOf(topic.name, partition), position, limits.maxRecords);
    return piece && cut(piece, limits);
  }

  private othersReading(wanted: readonly Wanted[]): Promise<unknown>[] {
    return wanted.flatMap(({ topic, partition }) => {
      const reading = this.underWay.get(nameOf(topic.name, partition));
      return reading ? [reading] : [];
    });
  }

  private async readMissing(
    missing: readonly Wanted[],
    limits: FetchLimits,
  ): Promise<readonly Fetched[]> {
    const names = missing.map(({ topic, partition }) => nameOf(topic.name, partition));
    const reading = this.read(missing, limits);
    for (const name of names) this.underWay.set(name, reading);
    try {
      const found = await reading;
      for (const { topic, partition, records, nextOffset } of found) {
        const name = nameOf(topic, partition);
        const from = missing[names.indexOf(name)]?.position;
        if (from !== undefined) this.recent.keep(name, from, { records, next: nextOffset });
      }
      return found;
    } finally {
      for (const name of names) this.underWay.delete(name);
    }
  }
}

/** Nothing is there to be asked for, or no more would be taken. */
function isEnough({ records, next }: Piece, { end }: WantedStretch, limits: FetchLimits): boolean {
  return next >= end || records.length >= limits.maxRecords || bytesOf(records) >= limits.maxBytes;
}

function joined(
  { topic, partition, position, end }: WantedStretch,
  known: Piece | undefined,
  rest: Fetched | undefined,
  limits: FetchLimits,
): Fetched {
  const records = [...(known?.records ?? []), ...(rest?.records ?? [])];
  const next = rest?.nextOffset ?? known?.next ?? position;
  const piece = known && rest ? cut({ records, next }, limits) : { records, next };
  return {
    topic: topic.name,
    partition,
    records: piece.records,
    nextOffset: piece.next,
    end: rest?.end ?? end,
  };
}

function cut(piece: Piece, { maxRecords, maxBytes }: FetchLimits): Piece {
  let bytes = 0;
  let taken = 0;
  for (const { value } of piece.records) {
    if (taken === maxRecords || bytes >= maxBytes) break;
    bytes += value?.byteLength ?? 0;
    taken += 1;
  }
  const records = piece.records.slice(0, taken);
  const last = records.at(-1);
  return last && taken < piece.records.length ? { records, next: last.offset + 1n } : piece;
}

const bytesOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, { value }) => sum + (value?.byteLength ?? 0), 0);

const nameOf = (topic: string, partition: number): string => `${topic}/${String(partition)}`;
