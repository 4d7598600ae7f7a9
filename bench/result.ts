import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { coresBusy } from './lib/cores-busy.ts';
import type { Mode } from './lib/mode.ts';
import { processUses, treeUse, type ProcessUse } from './lib/process-tree.ts';
import { withinLimit, type Limited } from './limits.ts';
import { verdictOf, type Measured, type Verdict } from './pairs.ts';

/** What is told of every run. */
export interface Run {
  readonly at: string;
  readonly commit: string;
  readonly mode: Mode;
  readonly machine: {
    readonly cores: number;
    readonly memoryMb: number;
    readonly node: string;
    /** Share of the cores that other work took right before the run. */
    readonly busyBefore: number;
    readonly sharedWith: string;
  };
  readonly verdict: Verdict;
}

/** One target's result as it is written down; benchmarks.md is made of these. */
export interface Result extends Measured, Run {
  readonly recordBytes: number;
  /** Of load generator and services together, and the largest of them; Postgres has its own. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  /** Each of them; results of before they ran apart have none. */
  readonly processes?: readonly ProcessUse[];
}

/** One figure that has a limit of its own. */
export interface LimitedResult extends Limited, Run {
  readonly id: string;
}

/** Above this share of the cores somebody else's work is measured too. */
const QUIET = 0.1;

/** Taken before the run; results are made from it and from what was measured. */
export async function beginRun(mode: Mode): Promise<{
  ofPairs(measured: Measured): Result;
  ofLimits(id: string, limited: readonly Limited[]): LimitedResult[];
}> {
  // Not the load average: it still knows of our own build, and of the target before this one.
  const busyBefore = await coresBusy();
  const cores = cpus().length;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const before = treeUse(process.pid).cpuSeconds;
  const runOf = (verdict: Verdict, sharedWith: string): Run => ({
    at: new Date().toISOString(),
    commit,
    mode,
    machine: {
      cores,
      memoryMb: Math.round(totalmem() / 2 ** 20),
      node: process.versions.node,
      busyBefore: Number(busyBefore.toFixed(2)),
      sharedWith,
    },
    verdict: busyBefore > QUIET ? 'void' : verdict,
  });
  return {
    ofPairs: (measured) => {
      const processes = processUses(process.pid).map((use) =>
        use.name === 'main' ? { ...use, cpuSeconds: use.cpuSeconds - before } : use,
      );
      return {
        ...measured,
        ...runOf(
          verdictOf(measured),
          `load generator, services${mode === 'distributed' ? ', Kafka' : ''} and Postgres share the cores`,
        ),
        recordBytes: 294,
        cpuSeconds: Number(processes.reduce((sum, use) => sum + use.cpuSeconds, 0).toFixed(1)),
        peakRssMb: Math.max(...processes.map(({ peakRssMb }) => peakRssMb)),
        processes,
      };
    },
    ofLimits: (id, limited) =>
      limited.map((figure) => ({
        id,
        ...figure,
        ...runOf(withinLimit(figure), 'services and Postgres share the cores'),
      })),
  };
}
