import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../free-ports.js';
import { brokerProperties } from './broker-properties.js';
import { exists, kafkaClassPath, kafkaFolder, onceUnderLock } from './kafka-jars.js';
import { LocalBroker } from './local-broker.js';
import type { TestKafka } from './test-kafka.js';

const run = promisify(execFile);

/** What is missing for a Kafka on a local JVM; undefined when nothing is. */
export async function whyNoLocalKafka(): Promise<string | undefined> {
  for (const [command, flag] of [
    ['java', '-version'],
    ['mvn', '-v'],
  ] as const) {
    const fetched = command === 'mvn' && (await exists(join(kafkaFolder(), 'libs')));
    const there =
      fetched ||
      (await run(command, [flag]).then(
        () => true,
        () => false,
      ));
    if (!there) return `${command} not found`;
  }
  return undefined;
}

/** Kafka on a local JVM: free loopback ports, a temporary folder, gone when this process is. */
export async function startLocalKafka(
  count: number,
  through?: (port: number) => Promise<string>,
): Promise<TestKafka> {
  const classPath = await kafkaClassPath();
  const archive = join(kafkaFolder(), 'broker.jsa');
  // The archive of loaded classes takes 40 % off each later start.
  if (!(await exists(archive))) await onceUnderLock(archive, (to) => makeArchive(classPath, to));
  const jvm = [`-XX:SharedArchiveFile=${archive}`];
  return startOnFreePorts({ count, classPath, jvm, ...(through && { through }) });
}

interface Start {
  readonly count: number;
  readonly classPath: string;
  readonly jvm: readonly string[];
  readonly through?: (port: number) => Promise<string>;
}

async function makeArchive(classPath: string, archive: string): Promise<void> {
  const unfinished = `${archive}.${String(process.pid)}`;
  const jvm = [`-XX:ArchiveClassesAtExit=${unfinished}`];
  const kafka = await startOnFreePorts({ count: 1, classPath, jvm }, 60_000);
  await kafka.stop();
  await rename(unfinished, archive);
}

/** Between finding a port free and binding it somebody else may take it: then once more with others. */
async function startOnFreePorts(start: Start, graceMs = 0): Promise<TestKafka> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-kafka-'));
    const brokers = await placeBrokers(start, folder);
    try {
      const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
      await Promise.all(brokers.map((broker) => broker.prepare(clusterId)));
      await Promise.all(brokers.map((broker) => broker.start()));
      const ids = brokers.map((_, index) => index + 1);
      await Promise.all(brokers.map((broker) => broker.sees(ids)));
      return localKafka(brokers, folder, graceMs);
    } catch (error) {
      const logs = await Promise.all(brokers.map((broker) => broker.tail()));
      await Promise.all(brokers.map((broker) => broker.kill9()));
      await rm(folder, { recursive: true, force: true });
      const taken = logs.some((log) => /Address already in use|BindException/.test(log));
      if (!taken || attempt === 3) throw error;
    }
  }
}

async function placeBrokers({ count, classPath, jvm, through }: Start, folder: string) {
  const first = await freePorts(3 * count);
  const places = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const port = first + 3 * index;
      const [controller, inner] = [port + 1, port + 2];
      const advertised = (await through?.(port)) ?? `127.0.0.1:${String(port)}`;
      return { id: index + 1, port, controller, inner, advertised };
    }),
  );
  const voters = places.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
  return places.map(({ id, port, controller, inner, advertised }) => {
    const home = join(folder, `broker-${String(id)}`);
    const innerAddress = `127.0.0.1:${String(inner)}`;
    const properties = brokerProperties({
      id,
      brokers: count,
      advertised,
      listeners:
        `CLIENT://127.0.0.1:${String(port)},CONTROLLER://127.0.0.1:${String(controller)}` +
        // Brokers among themselves do not go over the clients' line.
        (through ? `,INNER://${innerAddress}` : ''),
      controllerVoters: voters,
      logDir: join(home, 'data'),
      ...(through && { interBroker: { advertised: innerAddress } }),
    });
    return new LocalBroker({ id, port, folder: home, classPath, jvm, properties, advertised });
  });
}

function localKafka(brokers: readonly LocalBroker[], folder: string, graceMs = 0): TestKafka {
  const at = (index: number): LocalBroker => {
    const broker = brokers[index];
    if (!broker) throw new RangeError(`There is no broker ${String(index)}.`);
    return broker;
  };
  return {
    provider: 'local',
    brokers: brokers.map(({ advertised }) => advertised),
    features: { canKill: true },
    kill9: (index) => at(index).kill9(),
    restart: async (index) => {
      await at(index).stop();
      await at(index).start();
      const running = brokers.filter((broker) => broker.running);
      await Promise.all(running.map((broker) => broker.sees([index + 1])));
    },
    stop: async () => {
      await Promise.all(brokers.map((broker) => broker.stop(graceMs)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
