import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable } from '../errors.js';
import type { BatchConsumer, EventLog, EventProducer } from '../event-log.js';
import type { ClientOptions } from './client.js';
import { FencedProducer } from './fenced-producer.js';
import { KafkaAdmin } from './kafka-admin.js';
import { KafkaConsumer } from './kafka-consumer.js';
import { KafkaProducer } from './kafka-producer.js';
import { KafkaReader } from './kafka-reader.js';
import { defaultKafkaSettings, silent, type KafkaLogger, type KafkaSettings } from './settings.js';
import { createMissing } from './topics.js';

export type { KafkaLogger, KafkaSettings } from './settings.js';

export interface KafkaLogOptions {
  readonly brokers: readonly string[];
  /** How the broker names us in its logs and quotas: the service's name. */
  readonly clientId: string;
  readonly logger?: KafkaLogger;
  readonly settings?: Partial<KafkaSettings>;
}

/** The log on Apache Kafka 4.x. Connects when first used. */
export function createKafkaLog(options: KafkaLogOptions): EventLog {
  const kafka: ClientOptions = {
    brokers: options.brokers,
    clientId: options.clientId,
    logger: options.logger ?? silent,
    settings: { ...defaultKafkaSettings, ...options.settings },
  };
  const admin = new KafkaAdmin(kafka);
  const reader = new KafkaReader(kafka, admin);
  const members = new Set<EventProducer | BatchConsumer>();
  let closing: Promise<void> | undefined;

  const open = <T extends EventProducer | BatchConsumer>(member: T): T => {
    if (closing) throw new LogUnavailable('The log is closed.');
    members.add(member);
    return member;
  };

  return {
    features: {
      severalMembersPerGroup: true,
      brokerRestart: true,
      compaction: true,
      heartbeats: true,
    },
    ensureTopics: async (topics) => {
      for (;;) {
        if (closing) throw new LogUnavailable('The log is closed.');
        try {
          if (await admin.use((client) => createMissing(client, topics))) return;
          await pause(50);
        } catch (error) {
          kafka.logger.warn({ err: error }, 'The topics cannot be made yet; trying again.');
          await pause(500);
        }
      }
    },
    producer: () => Promise.resolve(open(new KafkaProducer(kafka))),
    takeOver: async (name) => {
      const compact = await FencedProducer.takeOver(kafka, name);
      try {
        return { keep: open(new KafkaProducer(kafka)), compact: open(compact) };
      } catch (error) {
        await compact.close();
        throw error;
      }
    },
    consumer: (consumerOptions) => open(new KafkaConsumer(consumerOptions, kafka)),
    read: (from) => reader.read(from),
    endOffsets: async (topics) => {
      const ranges = await admin.ranges(topics);
      return ranges.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    },
    close: () => {
      closing ??= Promise.all([...members].map((member) => member.close())).then(async () => {
        await Promise.all([admin.close(), reader.close()]);
      });
      return closing;
    },
  };
}
