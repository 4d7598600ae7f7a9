import { createPostgresLog } from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { Relay } from '@regulars/outbox';
import { Database } from '@regulars/persistence';

/** What {@link spawnRelay} tells its child. */
export interface RelayOrder {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly logSchema: string;
}

// Without its parent nobody would end it.
process.stdin.on('end', () => process.exit()).resume();

const order = JSON.parse(process.argv[2] ?? '{}') as RelayOrder;
const relay = new Relay({
  database: await Database.connect({
    url: order.databaseUrl,
    schema: order.schema,
    service: 'ingestion',
  }),
  log: createPostgresLog({ databaseUrl: order.databaseUrl, schema: order.logSchema }),
  metrics: new MetricsRegistry('ingestion'),
  onError: () => undefined,
  // Who writes here is another process, and wakes nobody.
  pollMs: 20,
});
relay.start();
const waiting = setInterval(() => {
  if (!relay.isLeader) return;
  clearInterval(waiting);
  process.stdout.write('leads\n');
}, 50);
