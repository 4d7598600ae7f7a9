import type { LimitedResult, Result, Run } from './result.ts';

/** `docs/benchmarks.md`, made of the newest result of each target and mode. Pure. */
export function report(results: readonly (Result | LimitedResult)[]): string {
  const newest = new Map<string, Result | LimitedResult>();
  for (const result of results.toSorted((a, b) => (a.at < b.at ? -1 : 1)))
    newest.set('pairs' in result ? `${result.id} ${result.mode}` : result.what, result);
  const all = [...newest.values()];
  const shown = all
    .filter((result) => 'pairs' in result)
    .sort((a, b) => numberOf(a.id) - numberOf(b.id) || (a.mode < b.mode ? 1 : -1));
  const limited = all.filter((result) => 'limit' in result);
  return `${[
    '# Benchmarks',
    '',
    'Made by `npm run bench` from the newest result of each target under `bench`; do not edit by hand. Only ratios count:',
    'both sides alternate in one run on one machine, whose absolute figures say little about another. A run is `noisy` when its',
    'largest ratio is more than twice its smallest, and `void` when other work wanted the cores before it began.',
    'Services, yardsticks that serve requests and the load generator are processes of their own, unless a target needs to get',
    'at the inside of a service.',
    '',
    ...table(
      [
        'id',
        'what',
        'mode',
        'median',
        'spread',
        'floor',
        'stretch',
        'verdict',
        'commit',
        'machine',
      ],
      shown.map((result) => [
        result.id,
        result.what,
        result.mode,
        shortOf(result.median),
        `${shortOf(result.min)} to ${shortOf(result.max)} (${String(result.pairs.length)} pairs)`,
        `${result.atMost ? '≤' : '≥'} ${String(result.floor)}`,
        `${result.atMost ? '≤' : '≥'} ${String(result.stretch)}`,
        result.verdict,
        result.commit,
        `${machineOf(result)}; ${String(result.cpuSeconds)} s of CPU, ${String(result.peakRssMb)} MB at most`,
      ]),
    ),
    '',
    '## What it costs to do nothing',
    '',
    'Figures with limits of their own: `npm run bench -- IDLE`, on Linux, as root or as the user that runs everything.',
    '',
    ...table(
      ['what', 'figure', 'limit', 'stretch', 'verdict', 'commit', 'machine'],
      limited.map((result) => [
        result.what,
        `${shortOf(result.value)} ${result.unit}`,
        `≤ ${String(result.limit)}`,
        `≤ ${String(result.stretch)}`,
        result.verdict,
        result.commit,
        machineOf(result),
      ]),
    ),
    '',
    '## The pairs',
    '',
    ...shown.flatMap((result) => [
      `- **${result.id}**, \`npm run bench -- ${result.id}${result.mode === 'standalone' ? '' : ` --mode ${result.mode}`}\`, ${result.unit}, ours ÷ yardstick: ${result.pairs.map(pairOf).join(', ')}`,
    ]),
  ].join('\n')}\n`;
}

function machineOf({ machine }: Run): string {
  const { cores, memoryMb, node, busyBefore, sharedWith } = machine;
  return `${String(cores)} cores, ${String(Math.round(memoryMb / 1_024))} GB, Node ${node}, ${String(Math.round(100 * busyBefore))} % busy before; ${sharedWith}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function pairOf({ ours, yardstick, ratio }: Result['pairs'][number]): string {
  return `${shortOf(ours)} ÷ ${shortOf(yardstick)} = ${shortOf(ratio)}`;
}

/** Three figures that mean something. */
function shortOf(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}
