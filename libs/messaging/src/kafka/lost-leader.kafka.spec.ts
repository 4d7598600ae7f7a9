import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startKafka, type TestKafka } from '@regulars/testing';
import { LogUnavailable } from '../errors.js';
import type { EventLog, EventProducer, OutgoingRecord } from '../event-log.js';
import { createKafkaLog } from './kafka-log.js';

const PARTITIONS = 12;
const topic = 'lost.leader';

describe('a request of which two brokers have taken their part when the third dies', () => {
  let kafka: TestKafka;
  let line: Line | undefined;
  const logs: EventLog[] = [];
  beforeAll(async () => {
    kafka = await startKafka({
      brokers: 3,
      through: async (port) => {
        const own = `127.0.0.1:${String(port)}`;
        if (line) return own;
        line = new Line(port);
        return line.open();
      },
    });
  }, 300_000);
  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await kafka.stop();
    line?.close();
  });

  // kafkajs sends again only to those who have not answered, and those to whom the partitions go have.
  it('is not done before the partitions of the third are written, too', async () => {
    const log = openLog();
    await log.ensureTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'keep' }]);
    const producer = await log.producer();
    await producer.send(batch('before'));

    line?.hold();
    const sent = sendUntilTaken(log, producer, batch('after'));
    const reader = openLog();
    await eventually(
      async () => (await placesOf('after', reader)).length === (PARTITIONS / 3) * 2,
      { withinMs: 60_000 },
    );
    await kafka.kill9(0);
    line?.close();
    await sent;
    await line?.open();
    await kafka.restart(0);

    expect(await placesOf('after', openLog())).toEqual(await placesOf('before', openLog()));
  }, 300_000);

  function openLog(): EventLog {
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'lost-leader' });
    logs.push(log);
    return log;
  }
});

/** So many that each partition has some. */
function batch(value: string): OutgoingRecord[] {
  return Array.from({ length: 20 * PARTITIONS }, (_, n) => ({
    topic,
    key: Buffer.from(String(n)),
    value: Buffer.from(value),
    headers: {},
  }));
}

/** As the relay does. */
async function sendUntilTaken(
  log: EventLog,
  producer: EventProducer,
  records: readonly OutgoingRecord[],
): Promise<void> {
  try {
    await producer.send(records);
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    await sendUntilTaken(log, await log.producer(), records);
  } finally {
    await producer.close();
  }
}

/** The partitions in which this value stands. */
async function placesOf(value: string, log: EventLog): Promise<number[]> {
  const places: number[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const { records } = await log.read({ topic, partition, offset: 0n });
    if (records.some((record) => Buffer.from(record.value ?? []).toString() === value))
      places.push(partition);
  }
  return places;
}

/** Before a broker. What comes over it can be held, but for connections that are opened later. */
class Line {
  private server: Server | undefined;
  private port = 0;
  private readonly clients = new Set<Socket>();

  constructor(private readonly brokerPort: number) {}

  /** Where it begins: the same place each time. */
  async open(): Promise<string> {
    this.server = createServer((client) => {
      this.join(client, connect(this.brokerPort, '127.0.0.1'));
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return `127.0.0.1:${String(this.port)}`;
  }

  hold(): void {
    for (const client of this.clients) client.unpipe();
  }

  close(): void {
    this.server?.close();
    for (const client of this.clients) client.destroy();
  }

  private join(client: Socket, broker: Socket): void {
    this.clients.add(client);
    client.pipe(broker).pipe(client);
    client.on('error', () => undefined);
    broker.on('error', () => undefined);
    client.on('close', () => {
      this.clients.delete(client);
      broker.destroy();
    });
    broker.on('close', () => client.destroy());
  }
}
