import { createKafkaLog, createPostgresLog } from '@regulars/messaging';
import { startEmptyKafka } from '../../e2e/house/empty-kafka.ts';
import { startDistributedHouse, type DistributedHouse } from '../../e2e/house/distributed-house.ts';
import { makeDatabase } from '../../e2e/house/make-database.ts';
import {
  embeddedUrl,
  startStandaloneHouse,
  type StandaloneHouse,
} from '../../e2e/house/standalone-house.ts';
import type { TestKafka } from '@regulars/testing';
import { startTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Ground, Scene } from './fault-run.ts';

/** One process on its own Postgres. */
export async function standalone({ env }: Ground): Promise<Scene<StandaloneHouse>> {
  const house = await startStandaloneHouse({ env });
  const log = createPostgresLog({ databaseUrl: await embeddedUrl(house.folder) });
  return { house, log, stop: () => log.close().then(() => house.stop()) };
}

export interface LinesScene extends Scene<StandaloneHouse> {
  readonly postgres: TcpProxy;
  readonly provider: TcpProxy;
}

/** One process, with a bad line before its Postgres and another one before its mail server. */
export async function standaloneOnLines({ env, mail, random }: Ground): Promise<LinesScene> {
  const database = await makeDatabase();
  const behind = new URL(database.url);
  const postgres = await startTcpProxy(targetOf(behind), () => random.next());
  const provider = await startTcpProxy(targetOf(new URL(mail.url)), () => random.next());
  const through = new URL(database.url);
  through.host = `127.0.0.1:${String(postgres.port)}`;
  const lines = {
    DATABASE_URL: through.href,
    REGULARS_SMTP_URL: `smtp://127.0.0.1:${String(provider.port)}`,
  };
  const house = await startStandaloneHouse({ env: { ...env, ...lines } });
  const log = createPostgresLog({ databaseUrl: database.url });
  const stop = async (): Promise<void> => {
    await log.close();
    await house.stop();
    await postgres.close();
    await provider.close();
    await database.drop();
  };
  return { house, log, postgres, provider, stop };
}

const targetOf = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port) });

export interface DistributedScene extends Scene<DistributedHouse> {
  readonly kafka: TestKafka;
}

/** Five processes over a Kafka and a database of their own. */
export async function distributed({ env }: Ground): Promise<DistributedScene> {
  const kafka = await startEmptyKafka();
  try {
    // The default of 30 s would make of every kill half a minute without consumers.
    const session = { REGULARS_KAFKA_SESSION_TIMEOUT_MS: '6000' };
    const house = await startDistributedHouse({
      env: { ...env, ...session },
      brokers: kafka.brokers,
    });
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'faults' });
    const stop = async (): Promise<void> => {
      await log.close();
      await house.stop();
      await kafka.stop();
    };
    return { house, log, kafka, stop };
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}
