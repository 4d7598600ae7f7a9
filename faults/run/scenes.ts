import { createKafkaLog, createPostgresLog, type EventLog } from '@regulars/messaging';
import { startEmptyKafka } from '../../e2e/house/empty-kafka.ts';
import {
  startDistributedHouse,
  type DistributedHouse,
  type DistributedOptions,
} from '../../e2e/house/distributed-house.ts';
import { makeDatabase } from '../../e2e/house/make-database.ts';
import {
  embeddedUrl,
  startStandaloneHouse,
  type StandaloneHouse,
} from '../../e2e/house/standalone-house.ts';
import {
  startPostgres,
  testDatabaseUrl,
  type TestKafka,
  type TestPostgres,
} from '@regulars/testing';
import { startTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Ground, Scene } from './fault-run.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** In MB: a fresh Postgres with the write-ahead log of a run, and some room to be filled. */
const SMALL = 384;

/** One process on its own Postgres. */
export function standalone(ground: Ground): Promise<Scene<StandaloneHouse>> {
  return standaloneWithin(ground);
}

export interface SmallDiskScene extends Scene<StandaloneHouse> {
  readonly disk: SmallDisk;
}

/** The same on a disk that can be filled. */
export async function standaloneOnSmallDisk(ground: Ground): Promise<SmallDiskScene> {
  const disk = await mountSmallDisk(SMALL);
  try {
    const scene = await standaloneWithin(ground, disk.folder);
    return { ...scene, disk, stop: () => scene.stop().finally(() => disk.unmount()) };
  } catch (error) {
    await disk.unmount();
    throw error;
  }
}

async function standaloneWithin({ env }: Ground, within?: string): Promise<Scene<StandaloneHouse>> {
  const house = await startStandaloneHouse({ env, ...(within === undefined ? {} : { within }) });
  const { log, close } = opener(async () =>
    createPostgresLog({ databaseUrl: await embeddedUrl(house.folder) }),
  );
  return { house, log, stop: () => close().then(() => house.stop()) };
}

export interface LinesScene extends Scene<StandaloneHouse> {
  /** Past the line. */
  readonly databaseUrl: string;
  readonly postgres: TcpProxy;
  readonly provider: TcpProxy;
}

/** One process, with a bad line before its Postgres and another one before its mail server. */
export async function standaloneOnLines({ env, mail, random }: Ground): Promise<LinesScene> {
  const database = await makeDatabase();
  const behind = new URL(database.url);
  const postgres = await startTcpProxy(targetOf(behind), () => random.roll());
  const provider = await startTcpProxy(targetOf(new URL(mail.url)), () => random.roll());
  const through = new URL(database.url);
  through.host = `127.0.0.1:${String(postgres.port)}`;
  const lines = {
    DATABASE_URL: through.href,
    REGULARS_SMTP_URL: `smtp://127.0.0.1:${String(provider.port)}`,
  };
  const house = await startStandaloneHouse({ env: { ...env, ...lines } });
  const { log, close } = opener(() => createPostgresLog({ databaseUrl: database.url }));
  const stop = async (): Promise<void> => {
    await close();
    await house.stop();
    await postgres.close();
    await provider.close();
    await database.drop();
  };
  return { house, log, databaseUrl: database.url, postgres, provider, stop };
}

const targetOf = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port) });

export interface DistributedScene extends Scene<DistributedHouse> {
  readonly kafka: TestKafka;
}

/** Five processes over a Kafka and a database of their own. */
export function distributed(ground: Ground): Promise<DistributedScene> {
  return distributedOn(ground, () => startEmptyKafka());
}

/** The same with three brokers: a topic outlives the loss of one. */
export function distributedOnThree(ground: Ground): Promise<DistributedScene> {
  return distributedOn(ground, () => startEmptyKafka({ brokers: 3 }));
}

export interface OwnPostgresScene extends DistributedScene {
  readonly postgres: TestPostgres;
}

/**
 * The same on a Postgres of its own, which can be taken away. With `begin` both are away at the first start, and it brings
 * them.
 */
export async function distributedOnOwnPostgres(
  ground: Ground,
  begin?: (dependencies: Dependencies) => Promise<void>,
): Promise<OwnPostgresScene> {
  const postgres = await startPostgres();
  try {
    const database = await makeDatabase(postgres.url);
    let begun: Promise<void> | undefined;
    const makeKafka = async (): Promise<TestKafka> => {
      const kafka = await startEmptyKafka();
      if (!begin) return kafka;
      await Promise.all([postgres.crash(), kafka.kill9(0)]);
      begun = begin({ postgres, kafka });
      return kafka;
    };
    const scene = await distributedOn(ground, makeKafka, { database });
    await begun;
    return { ...scene, postgres, stop: () => scene.stop().finally(() => postgres.stop()) };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

export interface Dependencies {
  readonly postgres: TestPostgres;
  readonly kafka: TestKafka;
}

export interface DistributedLinesScene extends DistributedScene {
  /** Between every service and Kafka, and between every service and Postgres. */
  readonly kafkaLine: TcpProxy;
  readonly postgresLine: TcpProxy;
}

/** Five processes, with bad lines before their Kafka and their Postgres. The runner looks past them where it can. */
export async function distributedOnLines(ground: Ground): Promise<DistributedLinesScene> {
  const draw = (): number => ground.random.roll();
  const lines: TcpProxy[] = [];
  const line = async (target: { host: string; port: number }): Promise<TcpProxy> => {
    const proxy = await startTcpProxy(target, draw);
    lines.push(proxy);
    return proxy;
  };
  const postgresLine = await line(targetOf(new URL(testDatabaseUrl())));
  let kafkaLine: TcpProxy | undefined;
  const through = async (port: number): Promise<string> => {
    kafkaLine = await line({ host: '127.0.0.1', port });
    return `127.0.0.1:${String(kafkaLine.port)}`;
  };
  const closeLines = async (): Promise<void> => {
    for (const each of lines) await each.close();
  };
  try {
    const scene = await distributedOn(ground, () => startEmptyKafka({ through }), {
      postgresPort: postgresLine.port,
    });
    if (!kafkaLine) throw new Error('No line was laid before Kafka.');
    const stop = (): Promise<void> => scene.stop().then(closeLines);
    return { ...scene, kafkaLine, postgresLine, stop };
  } catch (error) {
    await closeLines();
    throw error;
  }
}

async function distributedOn(
  { env }: Ground,
  makeKafka: () => Promise<TestKafka>,
  where: Pick<DistributedOptions, 'database' | 'postgresPort'> = {},
): Promise<DistributedScene> {
  const kafka = await makeKafka();
  try {
    // The default of 30 s would make of every kill half a minute without consumers.
    const session = { REGULARS_KAFKA_SESSION_TIMEOUT_MS: '6000' };
    const house = await startDistributedHouse({
      env: { ...env, ...session },
      brokers: kafka.brokers,
      ...where,
    });
    const { log, close } = opener(() =>
      createKafkaLog({ brokers: kafka.brokers, clientId: 'faults' }),
    );
    const stop = async (): Promise<void> => {
      await close();
      await house.stop();
      await kafka.stop();
    };
    return { house, log, kafka, stop };
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}

/** Opens a log whenever one is asked for, and closes them all. */
function opener(open: () => EventLog | Promise<EventLog>): {
  log(): Promise<EventLog>;
  close(): Promise<void>;
} {
  const opened: EventLog[] = [];
  return {
    log: async () => {
      const log = await open();
      opened.push(log);
      return log;
    },
    close: async () => {
      for (const log of opened) await log.close();
    },
  };
}
