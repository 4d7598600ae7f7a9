import { createKafkaLog, createPostgresLog, type EventLog } from '@regulars/messaging';
import { Database } from '@regulars/persistence';
import { setTimeout as pause } from 'node:timers/promises';
import { effectMember } from './effects.js';
import type { ChildLog } from './provider.js';

/** What {@link spawnMember} tells its child. */
export interface MemberOrder {
  readonly log: ChildLog;
  readonly group: string;
  readonly topic: string;
  readonly name: string;
  readonly databaseUrl: string;
  readonly schema: string;
  /** In the transaction of each batch, so that a test can stop the process inside it. */
  readonly slowMs: number;
}

// Without its parent nobody would end it.
process.stdin.on('end', () => process.exit()).resume();

const order = JSON.parse(process.argv[2] ?? '{}') as MemberOrder;
const database = await Database.connect({
  url: order.databaseUrl,
  schema: order.schema,
  service: 'test',
});
const member = effectMember({
  log: open(order.log),
  database,
  group: order.group,
  topic: order.topic,
  name: order.name,
  before: async (events) => {
    if (events.length > 0) process.stdout.write('working\n');
    await pause(order.slowMs);
  },
  onFatal: (error) => {
    process.stderr.write(String(error.stack));
    process.exit(1);
  },
});
await member.start();
process.stdout.write('joined\n');

function open(log: ChildLog): EventLog {
  if (log.adapter === 'postgres-log') return createPostgresLog({ databaseUrl: log.databaseUrl });
  return createKafkaLog({
    brokers: log.brokers,
    clientId: 'conformance-member',
    settings: { sessionTimeoutMs: log.sessionMs, heartbeatMs: log.sessionMs / 6 },
  });
}
