import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { verdictOf, type Measured, type Verdict } from './pairs.ts';

/** One target's result as it is written down; benchmarks.md is made of these. */
export interface Result extends Measured {
  readonly at: string;
  readonly commit: string;
  readonly mode: 'standalone' | 'distributed';
  readonly machine: {
    readonly cores: number;
    readonly memoryMb: number;
    readonly node: string;
    /** One-minute average before the run: what else wanted the cores. */
    readonly loadBefore: number;
    readonly sharedWith: string;
  };
  readonly recordBytes: number;
  /** Of the process that holds services and load generator; Postgres has its own. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly verdict: Verdict;
}

/** Above this share of the cores somebody else's work is measured too. */
const QUIET = 0.25;

/** Taken before the run; the result is made from it and from what was measured. */
export function beginResult(): (measured: Measured) => Result {
  const [loadBefore = 0] = loadavg();
  const cores = cpus().length;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const before = process.cpuUsage();
  return (measured) => {
    const { user, system } = process.cpuUsage(before);
    return {
      ...measured,
      at: new Date().toISOString(),
      commit,
      mode: 'standalone',
      machine: {
        cores,
        memoryMb: Math.round(totalmem() / 2 ** 20),
        node: process.versions.node,
        loadBefore: Number(loadBefore.toFixed(2)),
        sharedWith: 'load generator, services and Postgres share the cores',
      },
      recordBytes: 294,
      cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
      verdict: loadBefore > QUIET * cores ? 'void' : verdictOf(measured),
    };
  };
}
