import { createRequire } from 'node:module';
import type * as KafkaJs from 'kafkajs';
import { patchClient, type JoinHook } from './client-patches.js';
import type { KafkaLogger, KafkaSettings } from './settings.js';

export type {
  Admin,
  Batch,
  Consumer,
  EachBatchPayload,
  IHeaders,
  KafkaMessage,
  Producer,
} from 'kafkajs';

// The one file that loads kafkajs. Through `require`, since the patches must meet the same modules.
const require = createRequire(import.meta.url);
const { Kafka, Partitioners, PartitionAssigners, logLevel } = require('kafkajs') as typeof KafkaJs;
const FetchedBatch = require('kafkajs/src/consumer/batch') as FetchedBatchClass;
patchClient(require);

export interface ClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: KafkaLogger;
  readonly settings: KafkaSettings;
}

export interface GroupOptions {
  readonly group: string;
  readonly maxWaitMs: number;
  /** Before every join: what must be finished or given up before partitions may move. */
  beforeJoin(): Promise<void>;
  /** A closed consumer joins no more and is not started again after a crash. */
  isClosed(): boolean;
}

/** About a minute. A client that gives up earlier comes back as a new member, and waits until the old one's session ends. */
const CONSUMER_RETRIES = 60;
const backOff = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2 };

/** Whether nobody waits for this client any more: then it stops trying to connect. */
export type IsGone = () => boolean;

/** Which partition a message was last given: the answers to a request tell partitions, and no messages. */
const places = new WeakMap<object, number>();

export function placeOf(message: object): number | undefined {
  return places.get(message);
}

const partitioner: KafkaJs.ICustomPartitioner = () => {
  const place = Partitioners.DefaultPartitioner();
  return (args) => {
    const partition = place(args);
    places.set(args.message, partition);
    return partition;
  };
};

export function createProducer(options: ClientOptions, isGone: IsGone): KafkaJs.Producer {
  return connectTo(options, options.settings.sendRetries, isGone).producer({
    createPartitioner: partitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
}

/** How long a transaction of a dead relay may hold up the readers of its topics, unless a successor ends it at once. */
const TRANSACTION_MS = 20_000;

export function createTransactionalProducer(
  options: ClientOptions,
  transactionalId: string,
  isGone: IsGone,
): KafkaJs.Producer {
  return connectTo(options, options.settings.sendRetries, isGone).producer({
    createPartitioner: partitioner,
    idempotent: true,
    transactionalId,
    transactionTimeout: TRANSACTION_MS,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
}

interface PartitionData {
  readonly partition: number;
  readonly lastStableOffset: string;
}
type FetchedBatchClass = new (
  topic: string,
  fetchedOffset: string,
  data: PartitionData,
) => KafkaJs.Batch & { readonly rawMessages: readonly unknown[] };

/** The inner part of kafkajs that talks to brokers: reading without a group is in none of its clients. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(at: { nodeId: string }): Promise<{
    fetch(request: object): Promise<{ responses: { partitions: PartitionData[] }[] }>;
  }>;
}

export function createCluster(options: ClientOptions, isGone: IsGone): Cluster {
  const kafka = connectTo(options, 5, isGone) as KafkaJs.Kafka &
    Record<symbol, ((settings: object) => Cluster) | undefined>;
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const make = symbol && kafka[symbol];
  if (!make) throw new Error('kafkajs has no createCluster: see its version.');
  return make({ metadataMaxAge: 300_000, allowAutoTopicCreation: false });
}

const READ_COMMITTED = 1;

/** What one fetch brings of a partition: committed messages, and where reading ends for now. */
export async function fetchOnce(
  cluster: Cluster,
  topic: string,
  partition: number,
  fetchOffset: string,
): Promise<{ batch: InstanceType<FetchedBatchClass>; end: bigint }> {
  await cluster.addTargetTopic(topic);
  await cluster.refreshMetadataIfNecessary();
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`${topic}[${String(partition)}] has no leader.`);
  const broker = await cluster.findBroker({ nodeId });
  const { responses } = await broker.fetch({
    maxWaitTime: 1,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition, fetchOffset, maxBytes: 1 << 20 }] }],
  });
  const data = responses[0]?.partitions[0];
  if (!data) throw new Error(`${topic}[${String(partition)}] did not answer.`);
  return {
    batch: new FetchedBatch(topic, fetchOffset, data),
    end: BigInt(data.lastStableOffset),
  };
}

export function createAdmin(options: ClientOptions, isGone: IsGone): KafkaJs.Admin {
  return connectTo(options, 5, isGone).admin();
}

export function createConsumer(options: ClientOptions, group: GroupOptions): KafkaJs.Consumer {
  const { settings } = options;
  const isGone = () => group.isClosed();
  return connectTo(options, CONSUMER_RETRIES, isGone).consumer({
    groupId: group.group,
    partitionAssigners: [assignerFor(group)],
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    rebalanceTimeout: settings.rebalanceTimeoutMs,
    minBytes: 1,
    maxWaitTimeInMs: group.maxWaitMs,
    maxBytesPerPartition: 1 << 20,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    retry: {
      ...backOff,
      retries: CONSUMER_RETRIES,
      restartOnFailure: () => Promise.resolve(!group.isClosed()),
    },
  });
}

/** A client for each: consumers of one group in one process would share a table of offsets and clear each other's. */
function connectTo(
  { brokers, clientId, logger }: ClientOptions,
  retries: number,
  isGone: IsGone,
): KafkaJs.Kafka {
  return new Kafka({
    // An empty list is the one answer that ends kafkajs's attempts: else they outlive a close by a minute.
    brokers: () => (isGone() ? [] : [...brokers]),
    clientId,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { ...backOff, retries },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => {
      say(logger, entry);
    },
  });
}

function assignerFor(group: GroupOptions): KafkaJs.PartitionAssigner {
  return (config) => {
    const roundRobin = PartitionAssigners.roundRobin(config);
    const assigner: KafkaJs.Assigner & JoinHook = {
      name: roundRobin.name,
      version: roundRobin.version,
      assign: (members) => roundRobin.assign(members),
      protocol: (subscription) => {
        // kafkajs would finish a join that a close has overtaken, and leave a member behind that nobody knows.
        if (group.isClosed()) throw new Error('The consumer is closed.');
        return roundRobin.protocol(subscription);
      },
      beforeJoin: () => group.beforeJoin(),
    };
    return assigner;
  };
}

/** kafkajs calls a normal rebalance an error; what is fatal we hear from its events, not from its log. */
function say(logger: KafkaLogger, { level, namespace, log }: KafkaJs.LogEntry): void {
  const { message, logger: _library, timestamp: _time, ...fields } = log;
  const entry = { kafkajs: namespace, ...fields };
  if (level === logLevel.ERROR) logger.warn(entry, message);
  else if (level === logLevel.WARN) logger.info(entry, message);
  else logger.debug(entry, message);
}
