import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startKafka, type TestKafka } from '@regulars/testing';
import { createAdmin, createCluster } from './client.js';
import { createKafkaLog } from './kafka-log.js';
import { defaultKafkaSettings, silent } from './settings.js';

const group = 'dead-leader';
const topic = 'dead.leader';
/**
 * Longer than a SyncGroup waits for its answer (5 s), and by so much that a machine may stand still for seconds: else the
 * broker would drop the dead member first.
 */
const sessionTimeoutMs = 15_000;

interface Coordinator {
  joinGroup(request: object): Promise<{ memberId: string; leaderId: string }>;
}

let kafka: TestKafka;
const opened: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  kafka = await startKafka();
}, 300_000);
afterAll(async () => {
  for (const close of opened.reverse()) await close();
  await kafka.stop();
});

describe('a consumer whose group is led by a dead member', () => {
  it('gives up its first join, and only that', async () => {
    const client = {
      brokers: kafka.brokers,
      clientId: 'dead',
      logger: silent,
      settings: { ...defaultKafkaSettings, sessionTimeoutMs },
    };
    const crashes: string[] = [];
    const log = createKafkaLog({
      brokers: kafka.brokers,
      clientId: 'alive',
      settings: { sessionTimeoutMs },
      logger: {
        ...silent,
        warn: (_fields, message) => {
          if (message.startsWith('Crash')) crashes.push(message);
        },
      },
    });
    opened.push(() => log.close());
    await log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }]);
    const admin = createAdmin(client, () => false);
    opened.push(() => admin.disconnect());
    await admin.connect();
    const cluster = createCluster(client, () => false) as ReturnType<typeof createCluster> & {
      findGroupCoordinator(of: { groupId: string }): Promise<Coordinator>;
    };
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId: group });
    const join = (memberId: string) =>
      coordinator.joinGroup({
        groupId: group,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: 60_000,
        memberId,
        groupProtocols: [{ name: 'RoundRobinAssigner', metadata: subscription(topic) }],
      });

    const stateOfGroup = async () => (await admin.describeGroups([group])).groups[0]?.state;
    // A broker that has just begun has its groups to load.
    await eventually(async () => (await stateOfGroup()) === 'Dead');
    const { memberId } = await join('');
    let received = 0;
    const consumer = log.consumer({
      group,
      topics: [topic],
      onBatch: (batch) => {
        received += batch.records.length;
        return Promise.resolve(batch.nextOffset);
      },
      storedOffsets: () => Promise.resolve([]),
      onFatal: () => undefined,
    });
    const started = consumer.start();
    await eventually(async () => (await stateOfGroup()) === 'PreparingRebalance');
    // It leads, and dies before it has handed out anything.
    expect((await join(memberId)).leaderId).toBe(memberId);
    await cluster.disconnect();

    await started;
    const producer = await log.producer();
    await producer.send([{ topic, key: Buffer.from('key'), value: Buffer.from('x'), headers: {} }]);
    await eventually(() => received === 1);
    expect(crashes).toEqual([expect.stringMatching(/SyncGroup.* timed out/)]);
  });
});

/** What a member of a group says of itself: version 0, its topics, no data of its own. */
function subscription(to: string): Buffer {
  const bytes = Buffer.alloc(2 + 4 + 2 + to.length + 4);
  bytes.writeInt32BE(1, 2);
  bytes.writeInt16BE(to.length, 6);
  bytes.write(to, 8);
  return bytes;
}
