import { Kafka, logLevel } from 'kafkajs';
import { startKafka, type KafkaOptions, type TestKafka } from '@regulars/testing';

/**
 * A Kafka that no Regulars has written to: a new database would read what another one's services said. One from the
 * environment is left as it was found.
 */
export async function startEmptyKafka(options: KafkaOptions = {}): Promise<TestKafka> {
  const kafka = await startKafka(options);
  if (kafka.provider !== 'environment') return kafka;
  const admin = new Kafka({
    clientId: 'e2e',
    brokers: [...kafka.brokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  const ours = async (): Promise<string[]> =>
    (await admin.listTopics()).filter((name) => name.startsWith('regulars.'));
  const found = await ours();
  if (found.length > 0) {
    await admin.disconnect();
    throw new Error(
      `The Kafka of KAFKA_BROKERS has ${String(found.length)} topics of Regulars already. End-to-end tests need ` +
        'one without: delete them if nobody needs them, or leave KAFKA_BROKERS unset.',
    );
  }
  return {
    ...kafka,
    stop: async () => {
      await admin.deleteTopics({ topics: await ours() });
      await admin.disconnect();
    },
  };
}
