import { startContainerKafka, dockerAnswers } from './container-kafka.js';
import { startLocalKafka, whyNoLocalKafka } from './local-kafka.js';

/** A real Apache Kafka for tests. Brokers are counted from 0. */
export interface TestKafka {
  readonly provider: 'environment' | 'container' | 'local';
  /** Bootstrap addresses, one per broker. */
  readonly brokers: readonly string[];
  /** A Kafka from the environment belongs to somebody else: its brokers are left alone. */
  readonly features: { readonly canKill: boolean };
  kill9(broker: number): Promise<void>;
  /** Starts a killed broker again on its data and address; resolves when every running broker sees it. */
  restart(broker: number): Promise<void>;
  stop(): Promise<void>;
}

export interface KafkaOptions {
  readonly brokers?: 1 | 3;
  /**
   * Makes the address by which clients reach the broker that listens on a port: that of a line before it. Needs a broker
   * of our own, whatever the environment names.
   */
  readonly through?: (port: number) => Promise<string>;
}

/**
 * Takes the first that is there: `KAFKA_BROKERS` from the environment, a container (a Docker engine answers), a local
 * JVM with the jars from Maven Central. Throws when there is none: a test that needs Kafka is never skipped for it.
 */
export async function startKafka({ brokers = 1, through }: KafkaOptions = {}): Promise<TestKafka> {
  const given = process.env['KAFKA_BROKERS'];
  if (through) {
    const missing = await whyNoLocalKafka();
    if (missing === undefined) return startLocalKafka(brokers, through);
    throw new Error(`A Kafka behind a bad line needs Java 17 and Maven on the PATH: ${missing}.`);
  }
  if (given !== undefined && given !== '') return environmentKafka(given.split(','));
  if (await dockerAnswers()) return startContainerKafka(brokers);
  const missing = await whyNoLocalKafka();
  if (missing === undefined) return startLocalKafka(brokers);
  throw new Error(
    'These tests need an Apache Kafka. Set KAFKA_BROKERS=host:port[,...] to one that may be written to, or start a ' +
      `Docker engine, or put Java 17 and Maven on the PATH (${missing}). See docs/guides/kafka-for-tests.md.`,
  );
}

function environmentKafka(brokers: readonly string[]): TestKafka {
  const refuse = () =>
    Promise.reject(new Error('The Kafka of KAFKA_BROKERS is not ours to kill or restart.'));
  return {
    provider: 'environment',
    brokers,
    features: { canKill: false },
    kill9: refuse,
    restart: refuse,
    stop: () => Promise.resolve(),
  };
}
