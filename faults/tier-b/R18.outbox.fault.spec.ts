import { eventually } from '@regulars/testing';
import { raw } from '../../e2e/house/raw.ts';
import { sumOf } from '../../e2e/house/series.ts';
import type { Underway } from '../run/fault-run.ts';
import { Flood, tell } from '../run/flood.ts';
import { anOptOut, aPurchase, nameOf } from '../run/operations.ts';
import { PATIENCE_MS } from '../run/patience.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributed, type DistributedScene } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const ROWS = 2_000;
const CALLERS = 8;
const CUSTOMERS = 200;
let wrong: string[] = [];

proveRun('with Kafka away all is taken until the outbox is full, and again once half has gone', {
  name: 'R18.outbox',
  open: (ground) =>
    distributed({ ...ground, env: { ...ground.env, REGULARS_OUTBOX_MAX_ROWS: String(ROWS) } }),
  load: { perSecond: 20, customers: CUSTOMERS },
  expected: { uncertain: false },
  harm: async (run) => {
    const { house, journal, random, scene } = run;
    await acknowledged(run, 60);
    await scene.kafka.kill9(0);
    journal.fault('killed the only broker');
    const flood = new Flood(house.api, journal, (index) =>
      aPurchase(1_000_000 + index, { customers: CUSTOMERS, ofToday: 0 }, random),
    );
    let full = false;
    const filling = flood.closed(CALLERS, () => !full);
    await refusing(run, true);
    const rows = await unsent(run);
    full = true;
    const filled = await filling;
    flood.close();
    tell('while Kafka was away', filled);
    journal.fault(`the outbox was full with ${String(rows)} rows`);

    const { key, kind, customer, path, body } = anOptOut(nameOf(CUSTOMERS - 1));
    const optOut = await house.api.send('POST', path, body);
    journal.end({ key, kind, customer, end: 'ok' }, String(optOut.status), 0);

    await scene.kafka.restart(0);
    await refusing(run, false);
    const left = await unsent(run);
    await acknowledged(run, 60);
    const findings: [boolean, string][] = [
      [filled.unclear === 0, `${String(filled.unclear)} were answered neither way`],
      [filled.refused > 0, 'nothing was refused'],
      [rows >= 0.95 * ROWS, `it refused with ${String(rows)} rows already`],
      [rows <= 2 * ROWS, `it took ${String(rows)} rows`],
      [optOut.status < 300, `an opt-out was answered ${String(optOut.status)}`],
      [left <= ROWS / 2, `it took more again with ${String(left)} rows unsent`],
    ];
    wrong = findings.flatMap(([holds, finding]) => (holds ? [] : [finding]));
  },
  also: () => Promise.resolve(wrong),
});

async function refusing({ house }: Underway<DistributedScene>, is: boolean): Promise<void> {
  const inIt = async (): Promise<boolean> =>
    sumOf(await house.scrape(), 'regulars_intake_refusing') === (is ? 1 : 0);
  await eventually(inIt, { withinMs: PATIENCE_MS });
}

async function unsent({ house }: Underway<DistributedScene>): Promise<number> {
  const [row] = await house.rows(raw('select count(*) from ingestion.outbox'));
  return Number(row?.['count']);
}
