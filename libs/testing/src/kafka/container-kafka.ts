import { randomBytes } from 'node:crypto';
import { GenericContainer, getContainerRuntimeClient, Network, Wait } from 'testcontainers';
import { eventually } from '../eventually.js';
import { freePorts } from '../free-ports.js';
import { aliveBrokers } from './alive-brokers.js';
import { brokerProperties } from './broker-properties.js';
import { KAFKA_VERSION } from './kafka-jars.js';
import type { TestKafka } from './test-kafka.js';

const READY_MS = 180_000;

export async function dockerAnswers(): Promise<boolean> {
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

/**
 * Kafka in containers. The host's ports are fixed beforehand: a broker must advertise the address at which clients
 * reach it, and keep it over a restart.
 */
export async function startContainerKafka(count: number): Promise<TestKafka> {
  const network = await new Network().start();
  const first = await freePorts(count);
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  const name = (index: number) => `kafka-${String(index + 1)}`;
  const voters = ports.map((_, index) => `${String(index + 1)}@${name(index)}:9093`).join(',');
  const starts = await Promise.allSettled(
    ports.map((port, index) => {
      const properties = brokerProperties({
        id: index + 1,
        brokers: count,
        advertised: `127.0.0.1:${String(port)}`,
        interBroker: { advertised: `${name(index)}:9094` },
        listeners: 'CLIENT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093,INNER://0.0.0.0:9094',
        controllerVoters: voters,
        logDir: '/var/lib/kafka/data',
      });
      return (
        new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
          .withEnvironment({ CLUSTER_ID: clusterId, ...asVariables(properties) })
          .withNetwork(network)
          .withNetworkAliases(name(index))
          // That it runs is enough here: when it is ready the brokers themselves say, below.
          .withWaitStrategy(Wait.forSuccessfulCommand('true'))
          .withExposedPorts({ container: 9092, host: port })
          .start()
      );
    }),
  );
  const containers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    await Promise.all(containers.map((container) => container.stop()));
    await network.stop();
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await stop();
    throw new Error('A Kafka container did not start.', { cause: failed.reason });
  }
  const runtime = await getContainerRuntimeClient();
  const of = (index: number) => runtime.container.getById(containers[index]?.getId() ?? '');
  const killed = new Set<number>();
  const everyoneSees = async (ids: readonly number[]) => {
    const running = ports.filter((_, index) => !killed.has(index));
    for (const port of running) {
      await eventually(
        async () => {
          const seen = await aliveBrokers('127.0.0.1', port);
          return ids.every((id) => seen.includes(id));
        },
        { withinMs: READY_MS },
      );
    }
  };
  try {
    await everyoneSees(ports.map((_, index) => index + 1));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    provider: 'container',
    brokers: ports.map((port) => `127.0.0.1:${String(port)}`),
    features: { canKill: true },
    kill9: async (index) => {
      killed.add(index);
      await of(index).kill({ signal: 'SIGKILL' });
    },
    restart: async (index) => {
      await of(index).restart();
      killed.delete(index);
      await everyoneSees([index + 1]);
    },
    stop,
  };
}

/** The image reads settings from variables: `log.dirs` is `KAFKA_LOG_DIRS`. */
function asVariables(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
}
