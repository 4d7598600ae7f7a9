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

export function createProducer(options: ClientOptions, isGone: IsGone): KafkaJs.Producer {
  return connectTo(options, options.settings.sendRetries, isGone).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
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
