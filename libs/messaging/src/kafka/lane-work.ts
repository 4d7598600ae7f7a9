import type { ConsumerOptions, RecordBatch } from '../event-log.js';
import type { ClientOptions, EachBatchPayload } from './client.js';
import { slices, type Slice } from './record-batches.js';
import type { Lane, Session } from './session.js';
import { Slots } from './slots.js';

/** Works off what was fetched of one partition: batch by batch, the broker's offset after each. */
export class LaneWork {
  private readonly slots: Slots;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly kafka: ClientOptions,
    private readonly owns: (session: Session) => boolean,
  ) {
    this.slots = new Slots(kafka.settings.concurrency);
  }

  /** Rejects when the consumer's `onBatch` does. */
  async run(session: Session, lane: Lane, payload: EachBatchPayload): Promise<void> {
    const giveBack = await this.slots.take();
    // A handler that waits long (its database is away) must not keep the others from theirs.
    const timer = setTimeout(giveBack, this.kafka.settings.patienceMs);
    try {
      const { maxRecords = 500, maxBytes = 1 << 20 } = this.options;
      for (const slice of slices(payload.batch, { maxRecords, maxBytes })) {
        if (!this.owns(session)) return;
        const reached = await this.options.onBatch(this.toBatch(session, lane, slice, payload));
        if (!session.current) return;
        await this.advance(lane, reached, payload);
        if (reached < slice.nextOffset) return;
      }
    } finally {
      clearTimeout(timer);
      giveBack();
    }
  }

  private toBatch(
    session: Session,
    { topic, partition }: Lane,
    slice: Slice,
    payload: EachBatchPayload,
  ): RecordBatch {
    return {
      topic,
      partition,
      ...slice,
      isOwned: () => this.owns(session),
      heartbeat: async () => {
        try {
          await payload.heartbeat();
        } catch (error) {
          // The group is moving on. kafkajs hears it from its own next heartbeat; here the work ends.
          session.leave();
          this.kafka.logger.debug({ err: error }, 'The group answered a heartbeat with an error.');
        }
      },
    };
  }

  private async advance(lane: Lane, reached: bigint, payload: EachBatchPayload): Promise<void> {
    if (lane.position !== undefined && reached <= lane.position) return;
    lane.position = reached;
    payload.resolveOffset((reached - 1n).toString());
    const { topic, partition } = lane;
    try {
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic, partitions: [{ partition, offset: reached.toString() }] }],
      });
    } catch (error) {
      // The stored offset is the truth and the next commit includes this one.
      this.kafka.logger.debug({ err: error, topic, partition }, 'An offset was not committed.');
    }
  }
}
