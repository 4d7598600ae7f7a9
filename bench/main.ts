import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measure, verdictOf, type Target } from './pairs.ts';
import { single } from './targets/p01-single.ts';
import { batch } from './targets/p02-batch.ts';
import { relay } from './targets/p03-relay.ts';
import { save } from './targets/p07-save.ts';
import { wal } from './targets/p11-wal.ts';
import { duplicates } from './targets/p13-duplicates.ts';

const targets: Readonly<Record<string, () => Promise<Target>>> = {
  P1: single,
  P2: batch,
  P3: relay,
  P7: save,
  P11: wal,
  P13: duplicates,
};

// `--pairs 1` tries a target out: nothing is written down.
const { values, positionals } = parseArgs({
  options: { pairs: { type: 'string' } },
  allowPositionals: true,
});
const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
const wanted = positionals.map((id) => id.toUpperCase());
const unknown = wanted.filter((id) => !Object.hasOwn(targets, id));
if (unknown.length > 0) {
  process.stderr.write(
    `No target ${unknown.join(', ')}; there is ${Object.keys(targets).join(', ')}.\n`,
  );
  process.exit(1);
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const results: object[] = [];
for (const id of wanted.length > 0 ? wanted : Object.keys(targets)) {
  const target = await targets[id]?.();
  if (!target) continue;
  process.stdout.write(`${target.id}: ${target.what}\n`);
  try {
    const measured = await measure(target, (line) => process.stdout.write(`${line}\n`), pairs);
    const verdict = verdictOf(measured);
    results.push({
      ...measured,
      commit,
      mode: 'standalone',
      cores: cpus().length,
      memoryMb: Math.round(totalmem() / 2 ** 20),
      node: process.versions.node,
      sharedWith: 'load generator, Postgres and all services in one process share the cores',
      verdict,
    });
    process.stdout.write(
      `  median ${measured.median.toFixed(3)} (${measured.min.toFixed(3)}-${measured.max.toFixed(3)}), floor ${String(measured.floor)}: ${verdict}\n`,
    );
  } finally {
    await target.close();
  }
}
if (pairs !== undefined) process.exit(0);
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const file = new URL(`${new Date().toISOString().slice(0, 10)}-${commit}.json`, folder);
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`Written to bench/results/${file.pathname.split('/').at(-1) ?? ''}\n`);
