import { setTimeout as pause } from 'node:timers/promises';
import { toError } from '@regulars/kernel';
import { FatalConsumerError, LogUnavailable } from '../errors.js';
import type { BatchConsumer, ConsumerOptions, TopicPartition } from '../event-log.js';
import { within } from '../within.js';
import {
  createConsumer,
  type ClientOptions,
  type Consumer,
  type EachBatchPayload,
} from './client.js';
import { KafkaAdmin } from './kafka-admin.js';
import { LaneWork } from './lane-work.js';
import { Session } from './session.js';
import { startPositions } from './start-positions.js';

/** Handed to kafkajs so that no batch waits for another one inside it; `settings.concurrency` is what bounds the work. */
const ALL_AT_ONCE = 1_000;

/**
 * A member of a consumer group. kafkajs fetches, we decide what is handed out: nothing before the stored offsets were
 * read and sought, nothing fetched from elsewhere than the position we know, nothing of a partition that works.
 */
export class KafkaConsumer implements BatchConsumer {
  private readonly client: Consumer;
  private readonly admin: KafkaAdmin;
  private readonly work: LaneWork;
  private readonly joined = Promise.withResolvers<true>();
  private session = new Session({});
  private lastContact = 0;
  private lastPoll = new Date();
  private closing: Promise<void> | undefined;
  private dead = false;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly kafka: ClientOptions,
  ) {
    this.joined.promise.catch(() => undefined);
    this.admin = new KafkaAdmin(kafka);
    this.client = createConsumer(kafka, {
      group: options.group,
      maxWaitMs: options.maxWaitMs ?? 200,
      beforeJoin: () => this.letGo(),
      isClosed: () => this.ended,
    });
    this.work = new LaneWork(options, kafka, (session) => this.owns(session));
    this.listen();
  }

  async start(): Promise<void> {
    // kafkajs cannot be stopped while it tries to connect; a close must not wait for that.
    await Promise.race([this.run(), this.joined.promise]);
    await this.joined.promise;
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  assignment(): readonly TopicPartition[] {
    return this.owns(this.session) ? this.session.assigned : [];
  }

  lastPollAt(): Date {
    return this.lastPoll;
  }

  private get ended(): boolean {
    return this.dead || this.closing !== undefined;
  }

  /** A member that was stopped past its session must not believe that it still owns anything. */
  private owns(session: Session): boolean {
    const silentFor = Date.now() - this.lastContact;
    return session.working && !this.ended && silentFor < this.kafka.settings.sessionTimeoutMs;
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      try {
        await this.client.connect();
        await this.client.subscribe({ topics: [...this.options.topics], fromBeginning: true });
        await this.client.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: ALL_AT_ONCE,
          eachBatch: (payload) => this.onFetched(payload),
        });
        return;
      } catch (error) {
        this.kafka.logger.warn({ err: error }, 'The log is not available yet; trying again.');
        await pause(500);
      }
    }
  }

  private listen(): void {
    const { GROUP_JOIN, HEARTBEAT, FETCH, CRASH } = this.client.events;
    this.client.on(GROUP_JOIN, ({ payload }) => {
      this.onJoin(payload.memberAssignment);
    });
    this.client.on(HEARTBEAT, () => {
      this.lastContact = Date.now();
    });
    this.client.on(FETCH, () => {
      // kafkajs says so too when it had nothing to ask for: handlers that hang must show.
      if (this.session.fetches) this.lastPoll = new Date();
    });
    this.client.on(CRASH, ({ payload }) => {
      if (payload.restart) return;
      const why = `The Kafka client gave up: ${payload.error.message}`;
      this.fail(new FatalConsumerError(why, payload.error));
    });
  }

  /** kafkajs calls this before it fetches: everything is paused until the positions are known. */
  private onJoin(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.session.replace();
    this.session = new Session(assignment);
    this.lastContact = Date.now();
    this.client.pause(this.session.byTopic);
    void this.begin(this.session);
  }

  /** Asked again after every wait: the group may have moved on. */
  private stays(session: Session): boolean {
    return session.current && !this.ended;
  }

  private async begin(session: Session): Promise<void> {
    while (this.stays(session)) {
      try {
        const positions = startPositions(await this.facts(session));
        if (!this.stays(session)) return;
        session.begin(positions);
        for (const { topic, partition, offset } of positions) {
          this.client.seek({ topic, partition, offset: offset.toString() });
        }
        this.client.resume(session.byTopic);
        this.joined.resolve(true);
        return;
      } catch (error) {
        if (error instanceof FatalConsumerError) {
          this.fail(error);
          return;
        }
        this.kafka.logger.warn({ err: error }, 'The stored offsets cannot be read yet.');
        await pause(500);
      }
    }
  }

  private async facts(session: Session) {
    const { assigned } = session;
    if (assigned.length === 0) return { assigned, stored: [], committed: [], ranges: [] };
    const topics = [...new Set(assigned.map(({ topic }) => topic))];
    const [stored, committed, ranges] = await Promise.all([
      this.options.storedOffsets(assigned),
      this.admin.committed(this.options.group, topics),
      this.admin.ranges(topics),
    ]);
    return { assigned, stored, committed, ranges };
  }

  private async onFetched(payload: EachBatchPayload): Promise<void> {
    const session = this.session;
    const lane = session.lane(payload.batch);
    if (lane?.position === undefined || lane.busy || !this.owns(session)) return;
    const { topic, partition } = lane;
    // Asked for in an earlier session: kafkajs tells where it fetched from, its types do not.
    const { fetchedOffset } = payload.batch as typeof payload.batch & { fetchedOffset: string };
    if (BigInt(fetchedOffset) !== lane.position) {
      this.client.seek({ topic, partition, offset: lane.position.toString() });
      return;
    }
    const work = this.work.run(session, lane, payload).catch((error: unknown) => {
      this.fail(new FatalConsumerError('A batch was refused.', toError(error)));
    });
    lane.busy = work.finally(() => {
      lane.busy = undefined;
    });
    if (await within(this.kafka.settings.patienceMs, work)) return;
    // kafkajs fetches from no partition while one is worked on: this one waits alone.
    const paused = [{ topic, partitions: [partition] }];
    this.tell(() => {
      this.client.pause(paused);
    });
    void work.then(() => {
      if (!this.stays(session)) return;
      this.tell(() => {
        this.client.resume(paused);
      });
    });
  }

  /** Between a crash of the client and its new start nobody listens; the next session begins with a pause anyway. */
  private tell(say: () => void): void {
    try {
      say();
    } catch (error) {
      this.kafka.logger.debug({ err: error }, 'The Kafka client is between two starts.');
    }
  }

  private async letGo(): Promise<void> {
    this.session.leave();
    await this.session.settled(this.kafka.settings.sessionTimeoutMs / 2);
  }

  private fail(error: FatalConsumerError): void {
    if (this.ended) return;
    this.dead = true;
    this.joined.reject(error);
    this.options.onFatal(error);
    void this.close();
  }

  private async shutDown(): Promise<void> {
    // A failed batch is no reason to wait for the others.
    this.joined.reject(new LogUnavailable('The consumer was closed before it joined.'));
    this.tell(() => {
      this.client.pause(this.session.byTopic);
    });
    await this.session.settled(this.kafka.settings.closeGraceMs);
    await within(
      5_000,
      this.client.disconnect().catch(() => undefined),
    );
    await this.admin.close();
  }
}
