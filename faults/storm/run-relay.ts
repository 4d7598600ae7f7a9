import { setTimeout as pause } from 'node:timers/promises';
import {
  createKafkaLog,
  createPostgresLog,
  type EventLog,
  type EventProducer,
  type RowMover,
} from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { Relay } from '@regulars/outbox';
import { Database } from '@regulars/persistence';
import { Dice } from '@regulars/testing';
import type { RelayOrder } from './relays.ts';
import { schema } from './shop.ts';

/** A relay that dawdles before and after its sends: the longer between reading, sending and deleting, the more can come between. */

// Without its parent nobody would end it.
process.stdin.on('end', () => process.exit()).resume();

const order = JSON.parse(process.argv[2] ?? '{}') as RelayOrder;
const dice = new Dice(order.seed);
const dawdle = () => pause(dice.chance(0.1) ? dice.between(50, 300) : dice.between(0, 20));
const log = openLog();
const relay = new Relay({
  database: await Database.connect({ url: order.databaseUrl, schema, service: 'ingestion' }),
  log: Object.assign(Object.create(log) as EventLog, {
    takeOver: async (name: string) => {
      const { keep, compact, mover } = await log.takeOver(name);
      return {
        keep: dawdling(keep),
        compact: dawdling(compact),
        ...(mover && { mover: dawdlingMover(mover) }),
      };
    },
  }),
  metrics: new MetricsRegistry('ingestion'),
  onError: (error) => process.stderr.write(`${String(error.stack)}\n`),
  batchSize: 100,
  pollMs: 20,
});
relay.start();
process.stdout.write('ready\n');
let led = false;
setInterval(() => {
  if (relay.isLeader !== led) process.stdout.write(relay.isLeader ? 'leads\n' : 'follows\n');
  led = relay.isLeader;
}, 10);

function openLog(): EventLog {
  const { log: at, databaseUrl } = order;
  return at === 'postgres-log'
    ? createPostgresLog({ databaseUrl })
    : createKafkaLog({ brokers: at, clientId: 'storm-relay' });
}

function dawdlingMover(mover: RowMover): RowMover {
  return {
    databaseUrl: mover.databaseUrl,
    move: async (rows, removing) => {
      await dawdle();
      await mover.move(rows, removing);
      await dawdle();
    },
  };
}

function dawdling(producer: EventProducer): EventProducer {
  return {
    send: async (records) => {
      await dawdle();
      await producer.send(records);
      await dawdle();
    },
    close: () => producer.close(),
  };
}
