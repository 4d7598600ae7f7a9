import type { PartitionOffset, Stretch } from '../event-log.js';
import { createCluster, fetchOnce, type ClientOptions } from './client.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { toLogError } from './kafka-errors.js';
import { toRecord } from './record-batches.js';
import { Slots } from './slots.js';

type Cluster = ReturnType<typeof createCluster>;

/** Reads without a group. One connection, made when first needed and again after it failed. */
export class KafkaReader {
  private client: Promise<Cluster> | undefined;
  private closed = false;
  private readonly slots = new Slots(4);

  constructor(
    private readonly options: ClientOptions,
    private readonly admin: KafkaAdmin,
  ) {}

  async read(from: PartitionOffset): Promise<Stretch> {
    const giveBack = await this.slots.take();
    try {
      return await this.fetch(from);
    } catch (error) {
      if (!isOutOfRange(error)) {
        await this.disconnect();
        throw toLogError(error);
      }
    } finally {
      giveBack();
    }
    const [range] = (await this.admin.ranges([from.topic])).filter(
      ({ partition }) => partition === from.partition,
    );
    const start = range?.start ?? 0n;
    const end = range?.offset ?? 0n;
    if (from.offset >= start) return { records: [], nextOffset: end, end };
    return this.read({ ...from, offset: start });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.disconnect();
  }

  private async fetch(from: PartitionOffset): Promise<Stretch> {
    const { topic, partition, offset } = from;
    const cluster = await this.connected();
    const { batch, end } = await fetchOnce(cluster, topic, partition, offset.toString());
    const records = batch.messages.map((message) => toRecord(from, message));
    if (batch.rawMessages.length > 0)
      return { records, nextOffset: BigInt(batch.lastOffset()) + 1n, end };
    // Nothing, though there should be: the cleaner leaves empty batches behind.
    return { records, nextOffset: offset < end ? offset + 1n : offset, end };
  }

  private connected(): Promise<Cluster> {
    this.client ??= (async () => {
      const cluster = createCluster(this.options, () => this.closed);
      await cluster.connect();
      return cluster;
    })();
    return this.client;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.then((cluster) => cluster.disconnect()).catch(() => undefined);
  }
}

const isOutOfRange = (error: unknown): boolean =>
  (error as { type?: unknown } | null)?.type === 'OFFSET_OUT_OF_RANGE';
