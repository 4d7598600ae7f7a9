import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import { verdictOf, type Measured } from './pairs.ts';
import { report } from './report.ts';
import { readResults } from './results-folder.ts';
import type { Result } from './result.ts';

const root = join(import.meta.dirname, '..');

function aResult(over: Partial<Result> = {}): Result {
  return {
    id: 'P2',
    what: 'a batch ÷ a copy',
    unit: 'purchases/s',
    pairs: [
      { ours: 200, yardstick: 1_000, ratio: 0.2 },
      { ours: 330, yardstick: 1_100, ratio: 0.3 },
    ],
    median: 0.3,
    min: 0.2,
    max: 0.3,
    noisy: false,
    floor: 0.15,
    stretch: 0.3,
    atMost: false,
    at: '2026-01-02T00:00:00Z',
    commit: 'abc',
    mode: 'standalone',
    machine: { cores: 2, memoryMb: 8_192, node: '24', busyBefore: 0, sharedWith: 'nobody' },
    recordBytes: 300,
    cpuSeconds: 1,
    peakRssMb: 100,
    verdict: 'pass',
    ...over,
  };
}

/** A pair of 1,000 arrivals. */
function aRace(late: number): Measured['pairs'][number] {
  const latencies = { at: () => 1, arrivals: 1_000, late, histogram: {} };
  return { ours: 2, yardstick: 1, ratio: 2, latencies };
}

describe('the report of benchmarks', () => {
  it('is what the results say', async () => {
    const path = join(root, 'docs/benchmarks.md');
    const config = await resolveConfig(path);
    const made = await format(report(readResults(join(root, 'bench/results'))), {
      ...config,
      parser: 'markdown',
    });
    expect(readFileSync(path, 'utf8')).toBe(made);
  });

  it('shows the newest result of each target and mode, in the order of the targets', () => {
    const text = report([
      aResult({ id: 'P11', median: 5, commit: 'eleven' }),
      aResult({ at: '2026-01-03T00:00:00Z', commit: 'last-one' }),
      aResult({ commit: 'older' }),
      aResult({ mode: 'distributed', commit: 'kafka' }),
    ]);
    expect(text).not.toContain('older');
    expect([...text.matchAll(/last-one|kafka|eleven/g)].map(([word]) => word)).toEqual([
      'last-one',
      'kafka',
      'eleven',
    ]);
    expect(text).toContain('200 ÷ 1000 = 0.200, 330 ÷ 1100 = 0.300');
  });

  it('shows figures with limits of their own by themselves', () => {
    const { at, commit, mode, machine, verdict } = aResult();
    const run = { id: 'IDLE', at, commit, mode, machine, verdict };
    const text = report([
      aResult(),
      { ...run, what: 'memory', unit: 'MB', value: 301.4, limit: 280, stretch: 200 },
      { ...run, what: 'time', unit: 's', value: 4, limit: 10, stretch: 4 },
    ]);
    expect(text).toContain('| memory | 301 MB | ≤ 280 | ≤ 200 |');
    expect(text).toContain('| time | 4.00 s | ≤ 10 | ≤ 4 |');
  });

  it.each<[string, Partial<Measured>]>([
    ['pass', { median: 0.15 }],
    ['fail', { median: 0.149 }],
    ['pass', { median: 6, floor: 6, atMost: true }],
    ['fail', { median: 6.1, floor: 6, atMost: true }],
    ['noisy', { median: 9, noisy: true }],
    ['pass', { pairs: [aRace(1)] }],
    ['void', { pairs: [aRace(2)] }],
  ])('judges %s', (verdict, over) => {
    expect(verdictOf(aResult(over))).toBe(verdict);
  });
});
