import { within } from '../within.js';
import type { PartitionOffset, TopicPartition } from '../event-log.js';

/** One partition within a session: where it stands, and what is being worked on. */
export interface Lane extends TopicPartition {
  /** The offset to read next; undefined until the stored offsets are known. */
  position: bigint | undefined;
  busy: Promise<void> | undefined;
}

/** What this member owns from one join of the group to the next. */
export class Session {
  private readonly lanes: ReadonlyMap<string, Lane>;
  /** Partitions are about to move: work ends before its next transaction, commits still count. */
  private leaving = false;
  /** The group has moved on: not even a commit of this session may reach it. */
  private replaced = false;

  constructor(assignment: Readonly<Record<string, readonly number[]>>) {
    const lanes = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition, position: undefined, busy: undefined })),
    );
    this.lanes = new Map(lanes.map((lane) => [idOf(lane), lane]));
  }

  get working(): boolean {
    return !this.leaving && !this.replaced;
  }

  get current(): boolean {
    return !this.replaced;
  }

  /** Whether a fetch asks for anything: not while positions are still unknown, nor while all of it is being worked on. */
  get fetches(): boolean {
    const lanes = [...this.lanes.values()];
    return (
      lanes.length === 0 || lanes.some(({ position, busy }) => position !== undefined && !busy)
    );
  }

  get assigned(): TopicPartition[] {
    return [...this.lanes.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  /** As kafkajs wants it. */
  get byTopic(): { topic: string; partitions: number[] }[] {
    const topics = Map.groupBy(this.lanes.values(), ({ topic }) => topic);
    return [...topics].map(([topic, lanes]) => ({
      topic,
      partitions: lanes.map(({ partition }) => partition),
    }));
  }

  lane(at: TopicPartition): Lane | undefined {
    return this.lanes.get(idOf(at));
  }

  begin(positions: readonly PartitionOffset[]): void {
    for (const position of positions) {
      const lane = this.lane(position);
      if (lane) lane.position = position.offset;
    }
  }

  leave(): void {
    this.leaving = true;
  }

  replace(): void {
    this.replaced = true;
  }

  /** Resolves when nothing is being worked on, or after `withinMs`. */
  async settled(withinMs: number): Promise<void> {
    const busy = [...this.lanes.values()].map((lane) => lane.busy ?? Promise.resolve());
    await within(withinMs, Promise.all(busy));
  }
}

const idOf = ({ topic, partition }: TopicPartition) => `${topic}/${String(partition)}`;
