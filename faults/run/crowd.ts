import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '@regulars/kernel';
import { eventually } from '@regulars/testing';
import { sumOf } from '../../e2e/house/series.ts';
import type { Scene, Underway } from './fault-run.ts';
import { during, Flood, tell } from './flood.ts';
import { aPurchase, nameOf, purchaseKey, type Request } from './operations.ts';
import { PATIENCE_MS } from './patience.ts';

const CALLERS = 32;
const PROBE_MS = 10_000;
const ALONE_MS = 20_000;
/** Of its own maximum, as in every run. */
const LOAD = 0.4;
const TIMES_THE_EVENTS = 20;
const TIMES_THE_P99 = 2;
/** Events on their way while next to nothing happens. */
const HARDLY_ANY = 50;
/** Most of whom buy nothing meanwhile. */
const KNOWN_FOR_LONG = 2_000;
/** Many: the longer a customer's history is, the more a purchase costs, whatever else goes on. */
export const CUSTOMERS = 900;

/**
 * Live purchases alone, then beside a history import and a customer with twenty times the events of any other. Answers
 * what does not hold: neither may cost the others more than twice the time.
 */
export async function crowded<S extends Scene>(
  run: Underway<S>,
  history: number,
): Promise<string[]> {
  const { house, journal, random } = run;
  const load = { customers: CUSTOMERS, ofToday: 0 };
  const live = new Flood(house.api, journal, (index) => aPurchase(1_000_000 + index, load, random));
  const hot = new Flood(house.api, journal, (index) =>
    ofOne(aPurchase(2_000_000 + index, load, random), nameOf(CUSTOMERS)),
  );
  try {
    await live.connect();
    const most = await live.closed(CALLERS, during(PROBE_MS));
    tell('capacity', most);
    const perSecond = LOAD * most.goodput;
    await caughtUp(run);
    const before = await live.open(perSecond, during(ALONE_MS));
    tell('alone', before);

    let imported = false;
    const importing = importHistory(run, history).finally(() => {
      imported = true;
    });
    journal.fault('began to import, and a customer to buy twenty times as much as any other');
    const [beside, hotOnes] = await Promise.all([
      live.open(perSecond, () => !imported),
      hot.open((TIMES_THE_EVENTS * perSecond) / CUSTOMERS, () => !imported),
      importing,
    ]);
    tell('beside an import and a hot customer', beside);
    tell('the hot customer', hotOnes);
    await caughtUp(run);
    const after = await live.open(perSecond, during(ALONE_MS));
    tell('alone again', after);
    const aloneMs = (before.p99Ms + after.p99Ms) / 2;
    const all = [before, beside, after];
    const findings: [boolean, string][] = [
      [all.every(({ unclear, refused }) => unclear + refused === 0), 'not all was taken'],
      [beside.arrivals > 300, `only ${String(beside.arrivals)} arrivals came beside the import`],
      [
        beside.p99Ms <= TIMES_THE_P99 * aloneMs,
        `p99 rose from ${aloneMs.toFixed(0)} to ${beside.p99Ms.toFixed(0)} ms`,
      ],
    ];
    return findings.flatMap(([holds, finding]) => (holds ? [] : [finding]));
  } finally {
    live.close();
    hot.close();
  }
}

/** What one phase left behind is worked off; the clients of the run go on meanwhile. */
async function caughtUp<S extends Scene>({ house }: Underway<S>): Promise<void> {
  await eventually(
    async () => {
      const behind = sumOf(
        await house.scrape(),
        'regulars_outbox_unsent_rows',
        'regulars_consumer_lag_records',
      );
      return behind <= HARDLY_ANY;
    },
    { withinMs: PATIENCE_MS },
  );
}

function ofOne(request: Request, customer: string): Request {
  return { ...request, customer, body: { ...request.body, customer: { externalId: customer } } };
}

/** By the command that people use, at its own speed. */
async function importHistory<S extends Scene>(
  { house, journal }: Underway<S>,
  history: number,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-history-'));
  try {
    const file = join(folder, 'history.csv');
    const rows = Array.from({ length: history }, (_, index) => ({
      order: `history-${String(index)}`,
      customer: nameOf(index % KNOWN_FOR_LONG),
      day: addDays('2023-01-01', index % 700),
    }));
    const lines = rows.map(({ order, customer, day }) => `${customer},${day},12.90,${order}`);
    await writeFile(file, ['customer_id,date,amount,order_id', ...lines].join('\n'));
    const startedAt = performance.now();
    const said = await house.cli(
      'import',
      'purchases',
      file,
      '--currency',
      'EUR',
      '--source',
      'api',
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    process.stderr.write(`import: ${(history / seconds).toFixed(0)} per second; ${said.trim()}\n`);
    for (const { order, customer } of rows)
      journal.end(
        { key: purchaseKey(order), kind: 'purchase', customer, end: 'ok' },
        'imported',
        0,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
}
