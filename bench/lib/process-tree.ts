import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What Linux knows of a process and all its descendants. */
export interface TreeUse {
  /** Memory, pages that are shared counted by their share, in MB. Needs the right to look: root, or the owner. */
  readonly pssMb: number;
  /** User and system time so far, in seconds. */
  readonly cpuSeconds: number;
}

/** What one process of a tree took. */
export interface ProcessUse {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

/** Of `/proc/<pid>/stat`, which counts in hundredths of a second on every Linux that matters. */
const TICKS_A_SECOND = 100;

/** `except`: the root of a tree that is counted by itself. */
export function treeUse(root: number, except?: number): TreeUse {
  const own = [...timesOf(root, except)];
  return {
    pssMb: own.reduce((sum, [pid]) => sum + pssMbOf(pid), 0),
    cpuSeconds: own.reduce((sum, [, cpuSeconds]) => sum + cpuSeconds, 0),
  };
}

/** What each process of a tree took so far, by the program that it runs. */
export function processUses(root: number): ProcessUse[] {
  return [...timesOf(root)].flatMap(([pid, cpuSeconds]) => {
    const peak = /^VmHWM: +(\d+) kB/m.exec(readIfThere(`/proc/${String(pid)}/status`) ?? '')?.[1];
    if (peak === undefined) return [];
    const name = programOf(readIfThere(`/proc/${String(pid)}/cmdline`) ?? '');
    return [{ name, cpuSeconds, peakRssMb: Math.round(Number(peak) / 1_024) }];
  });
}

/** `ingestion` of `node .../services/ingestion/dist/main.js`, `bare-purchases` of `node .../bare-purchases.ts`, `java`. */
function programOf(commandLine: string): string {
  const [program = '', ...parameters] = commandLine.split('\0');
  const script = parameters.find((parameter) => /\.[jt]s$/.test(parameter));
  const service = /services\/(\w+)\/dist/.exec(script ?? '')?.[1];
  return service ?? basename(script ?? program).replace(/\.[jt]s$/, '');
}

/** CPU time of the processes that are alive, by their ids. */
function timesOf(root: number, except?: number): Map<number, number> {
  const parents = new Map<number, number>();
  const times = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (!stat) continue;
    parents.set(Number(name), stat.parent);
    times.set(Number(name), stat.cpuSeconds);
  }
  const belongs = (pid: number): boolean =>
    pid !== except && (pid === root || (parents.has(pid) && belongs(parents.get(pid) ?? 0)));
  return new Map([...times].filter(([pid]) => belongs(pid)));
}

function statOf(pid: number): { parent: number; cpuSeconds: number } | undefined {
  const text = readIfThere(`/proc/${String(pid)}/stat`);
  if (text === undefined) return undefined;
  // The name may hold blanks and brackets: what follows its last bracket is counted.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(fields[1]),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
  };
}

function pssMbOf(pid: number): number {
  const text = readIfThere(`/proc/${String(pid)}/smaps_rollup`);
  return Number(/^Pss: +(\d+) kB/m.exec(text ?? '')?.[1] ?? 0) / 1_024;
}

/** A process may end between two looks. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
