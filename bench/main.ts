import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { idle } from './limits/idle.ts';
import type { Mode } from './lib/mode.ts';
import type { LimitedTarget } from './limits.ts';
import { measure, type Target } from './pairs.ts';
import { report } from './report.ts';
import { beginRun, type LimitedResult, type Result } from './result.ts';
import { readResults } from './results-folder.ts';
import { single } from './targets/p01-single.ts';
import { batch } from './targets/p02-batch.ts';
import { relay } from './targets/p03-relay.ts';
import { wholePath } from './targets/p04-whole-path.ts';
import { dispatch } from './targets/p05-dispatch.ts';
import { save } from './targets/p07-save.ts';
import { tail } from './targets/p08-tail.ts';
import { pathLatency } from './targets/p09-path-latency.ts';
import { wal } from './targets/p11-wal.ts';
import { seeing } from './targets/p12-seeing.ts';
import { duplicates } from './targets/p13-duplicates.ts';
import { history } from './targets/p14-history.ts';
import { backlog } from './targets/p15-backlog.ts';

const targets: Readonly<Record<string, (mode: Mode) => Promise<Target>>> = {
  P1: single,
  P2: batch,
  P3: relay,
  P4: wholePath,
  P5: dispatch,
  P7: save,
  P8: tail,
  P9: pathLatency,
  P11: wal,
  P12: seeing,
  P13: duplicates,
  P14: history,
  P15: backlog,
};
/** What says nothing of the log, or needs a clock that is moved. */
const standaloneOnly = new Set(['P5', 'P7', 'P14', 'IDLE']);
const limited: Readonly<Record<string, LimitedTarget>> = { IDLE: idle };

// `--pairs 1` tries a target out: nothing is written down.
const { values, positionals } = parseArgs({
  options: { pairs: { type: 'string' }, mode: { type: 'string', default: 'standalone' } },
  allowPositionals: true,
});
const mode = ((): Mode => {
  if (values.mode === 'standalone' || values.mode === 'distributed') return values.mode;
  process.stderr.write('--mode takes standalone or distributed.\n');
  process.exit(1);
})();
const known = [...Object.keys(targets), ...Object.keys(limited)].filter(
  (id) => mode === 'standalone' || !standaloneOnly.has(id),
);
const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
const wanted = positionals.map((id) => id.toUpperCase());
const unknown = wanted.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  process.stderr.write(
    `No target ${unknown.join(', ')} in ${mode} mode; there is ${known.join(', ')}.\n`,
  );
  process.exit(1);
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const results: (Result | LimitedResult)[] = [];
for (const id of wanted.length > 0 ? wanted : known) {
  const limits = limited[id];
  if (limits) await measureLimits(limits);
  else await measurePairs(id);
}
if (pairs === undefined) await writeDown(results);

async function measurePairs(id: string): Promise<void> {
  const run = await beginRun(mode);
  const target = await targets[id]?.(mode);
  if (!target) return;
  say(`${target.id}: ${target.what}`);
  try {
    const result = run.ofPairs(await measure(target, say, pairs));
    results.push(result);
    const { median, min, max, floor, verdict } = result;
    const spread = `${median.toFixed(3)} (${min.toFixed(3)}-${max.toFixed(3)})`;
    say(`  median ${spread}, floor ${String(floor)}: ${verdict}`);
  } finally {
    await target.close();
  }
}

async function measureLimits(target: LimitedTarget): Promise<void> {
  const run = await beginRun(mode);
  say(`${target.id}:`);
  const made = run.ofLimits(target.id, await target.measure(say));
  results.push(...made);
  for (const { what, value, unit, limit, verdict } of made)
    say(`  ${what}: ${value.toFixed(2)} ${unit}, at most ${String(limit)}: ${verdict}`);
}

async function writeDown(made: readonly (Result | LimitedResult)[]): Promise<void> {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const [{ at, commit } = { at: '', commit: '' }] = made;
  const name = `${at.slice(0, 19).replaceAll(':', '')}-${commit}.json`;
  writeFileSync(join(folder, name), `${JSON.stringify(made, null, 2)}\n`);
  const page = join(import.meta.dirname, '../docs/benchmarks.md');
  const text = report(readResults(folder));
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }));
  say(`Written to bench/results/${name} and docs/benchmarks.md`);
}
