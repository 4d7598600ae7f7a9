import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { sumOf, type Series } from '../../e2e/house/series.ts';
import { aPurchase } from './operations.ts';
import type { RunOptions, Scene, Underway } from './fault-run.ts';
import { whileHeld } from './held-transaction.ts';
import { PATIENCE_MS } from './patience.ts';
import { proveRun } from './prove-run.ts';

/** Five minutes as the fault matrix says. */
const HELD_MS = Number(process.env['REGULARS_TEST_HELD_MS'] ?? 300_000);
const BURST = 2_000;
const BURSTS = 3;
/** What transactions that others hold leave of the clean figures. */
const DRAIN_LEFT = 0.9;
const POLL_TIMES = 3;

/** R11, on an external Postgres: the embedded one keeps no slots. */
export function proveHeld<S extends Scene>(
  name: string,
  open: RunOptions<S>['open'],
  databaseUrl: (scene: S) => string,
): void {
  let wrong: string[] = [];
  proveRun(
    'a reader, a writer and a replication slot that are held for minutes slow nothing down',
    {
      name,
      open,
      load: { perSecond: 30 },
      expected: { uncertain: false },
      harm: async (run) => {
        const { house, journal, scene } = run;
        await drain(run);
        // Before and after: the longer a customer's history, the more a late purchase costs.
        const before = await measure(run);
        const url = databaseUrl(scene);
        const snapshot = [
          sql`set transaction isolation level repeatable read`,
          sql`select count(*) from pg_class`,
        ];
        await house.rows(sql`select pg_create_physical_replication_slot('idle', true)`);
        journal.fault('made a replication slot that nobody reads');
        const held = await whileHeld(url, snapshot, () => {
          journal.fault('began to read, and stayed');
          return whileHeld(url, [sql`select pg_current_xact_id()`], async () => {
            journal.fault('began to write elsewhere, and stayed');
            const until = performance.now() + HELD_MS;
            await eventually(() => performance.now() > until, { withinMs: HELD_MS + 1_000 });
            return measure(run);
          });
        });
        await house.rows(sql`select pg_drop_replication_slot('idle')`);
        await house.rows(sql`vacuum`);
        const after = await measure(run);
        const clean = {
          perSecond: (before.perSecond + after.perSecond) / 2,
          pollMs: (before.pollMs + after.pollMs) / 2,
        };
        const said = `drained ${clean.perSecond.toFixed(0)} per second clean, ${held.perSecond.toFixed(0)} held; polls ${clean.pollMs.toFixed(1)} ms and ${held.pollMs.toFixed(1)} ms`;
        journal.fault(said);
        process.stderr.write(`${name}: ${said}\n`);
        wrong = [
          ...(held.perSecond < DRAIN_LEFT * clean.perSecond ? [said] : []),
          ...(held.pollMs > POLL_TIMES * clean.pollMs ? [said] : []),
        ];
      },
      also: () => Promise.resolve(wrong),
    },
  );
}

interface Figures {
  /** Purchases that went through the whole chain. */
  readonly perSecond: number;
  /** p99 of what the relays take to look at their outboxes. */
  readonly pollMs: number;
}

async function measure(run: Underway): Promise<Figures> {
  const before = await run.house.scrape();
  const rates: number[] = [];
  for (let burst = 0; burst < BURSTS; burst += 1) rates.push(await drain(run));
  const after = await run.house.scrape();
  return {
    perSecond: rates.toSorted((a, b) => a - b)[Math.floor(BURSTS / 2)] ?? 0,
    pollMs: 1_000 * quantile(before, after, 0.99),
  };
}

let bursts = 0;

/** Posts a burst of purchases and waits until they are through everywhere; how many per second. */
async function drain({ house, journal, random }: Underway): Promise<number> {
  bursts += 1;
  const requests = Array.from({ length: BURST }, (_, index) =>
    aPurchase(1_000_000 * bursts + index, { customers: 200, ofToday: 0 }, random),
  );
  const startedAt = performance.now();
  for (let from = 0; from < BURST; from += 500) {
    const chunk = requests.slice(from, from + 500);
    await house.api.post('/v1/purchases/batch', { items: chunk.map(({ body }) => body) });
    for (const { key, kind, customer } of chunk)
      journal.end({ key, kind, customer, end: 'ok' }, 'in a batch', 0);
  }
  await eventually(
    async () => {
      const [row] = await house.rows(sql`
        select count(*) from public.fault_seen
        where what = 'order' and consumer in ('prediction', 'campaigns')
          and key like ${`order-${String(bursts)}______`}`);
      return Number(row?.['count']) >= 2 * BURST;
    },
    { withinMs: PATIENCE_MS },
  );
  return (1_000 * BURST) / (performance.now() - startedAt);
}

const POLLS = 'regulars_outbox_poll_seconds_bucket';

/** The upper end of the bucket in which the quantile of what was observed between two scrapes lies, all services together. */
function quantile(before: readonly Series[], after: readonly Series[], share: number): number {
  const ends = [
    ...new Set(after.flatMap(({ name, labels }) => (name === POLLS ? [labels['le'] ?? ''] : []))),
  ];
  const upTo = (end: string): number => {
    const of = (series: readonly Series[]): number =>
      sumOf(
        series.filter(({ labels }) => labels['le'] === end),
        POLLS,
      );
    return of(after) - of(before);
  };
  const whole = upTo('+Inf');
  const found = ends
    .filter((end) => end !== '+Inf' && upTo(end) >= share * whole)
    .map(Number)
    .sort((a, b) => a - b)[0];
  return found ?? Infinity;
}
