import type { PartitionOffset, Stretch } from '../event-log.js';
import { createCluster, fetchOnce, type ClientOptions } from './client.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { toRecord } from './record-batches.js';
import { RenewedClient } from './renewed-client.js';
import { Slots } from './slots.js';

type Cluster = ReturnType<typeof createCluster>;

/** Reads without a group. */
export class KafkaReader {
  private readonly client: RenewedClient<Cluster>;
  private readonly slots = new Slots(4);

  constructor(
    options: ClientOptions,
    private readonly admin: KafkaAdmin,
  ) {
    this.client = new RenewedClient((isGone) => createCluster(options, isGone));
  }

  async read(from: PartitionOffset): Promise<Stretch> {
    const giveBack = await this.slots.take();
    try {
      const stretch = await this.client.use((cluster) => fetch(cluster, from));
      if (stretch) return stretch;
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

  close(): Promise<void> {
    return this.client.close();
  }
}

/** Nothing where the offset is out of range. */
async function fetch(cluster: Cluster, from: PartitionOffset): Promise<Stretch | undefined> {
  const { topic, partition, offset } = from;
  try {
    const { batch, end } = await fetchOnce(cluster, topic, partition, offset.toString());
    const records = batch.messages.map((message) => toRecord(from, message));
    if (batch.rawMessages.length > 0)
      return { records, nextOffset: BigInt(batch.lastOffset()) + 1n, end };
    // Nothing, though there should be: the cleaner leaves empty batches behind.
    return { records, nextOffset: offset < end ? offset + 1n : offset, end };
  } catch (error) {
    if ((error as { type?: unknown } | null)?.type === 'OFFSET_OUT_OF_RANGE') return undefined;
    throw error;
  }
}
