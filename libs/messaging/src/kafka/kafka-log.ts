import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable } from '../errors.js';
import type { BatchConsumer, EventLog, EventProducer } from '../event-log.js';
import type { ClientOptions } from './client.js';
import { KafkaAdmin } from './kafka-admin.js';
import { KafkaConsumer } from './kafka-consumer.js';
import { KafkaProducer } from './kafka-producer.js';
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
  const members: (EventProducer | BatchConsumer)[] = [];
  let closing: Promise<void> | undefined;

  const open = <T extends EventProducer | BatchConsumer>(member: T): T => {
    if (closing) throw new LogUnavailable('The log is closed.');
    members.push(member);
    return member;
  };

  return {
    features: { severalMembersPerGroup: true, brokerRestart: true, compaction: true },
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
    consumer: (consumerOptions) => open(new KafkaConsumer(consumerOptions, kafka)),
    endOffsets: async (topics) => {
      const ranges = await admin.ranges(topics);
      return ranges.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    },
    close: () => {
      closing ??= Promise.all(members.map((member) => member.close())).then(() => admin.close());
      return closing;
    },
  };
}
