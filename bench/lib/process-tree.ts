import { readdirSync, readFileSync } from 'node:fs';

/** What Linux knows of a process and all its descendants. */
export interface TreeUse {
  /** Memory, pages that are shared counted by their share, in MB. Needs the right to look: root, or the owner. */
  readonly pssMb: number;
  /** User and system time so far, in seconds. */
  readonly cpuSeconds: number;
}

/** Of `/proc/<pid>/stat`, which counts in hundredths of a second on every Linux that matters. */
const TICKS_A_SECOND = 100;

/** `except`: the root of a tree that is counted by itself. */
export function treeUse(root: number, except?: number): TreeUse {
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
  const own = [...times.keys()].filter(belongs);
  return {
    pssMb: own.reduce((sum, pid) => sum + pssMbOf(pid), 0),
    cpuSeconds: own.reduce((sum, pid) => sum + (times.get(pid) ?? 0), 0),
  };
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
