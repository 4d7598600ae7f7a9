import { readFile } from 'node:fs/promises';
import { setInterval as ticks } from 'node:timers/promises';

const LOOK_MS = 250;

/** The most memory, in MB, that each of these processes had at once while `work` ran. */
export async function peakRss<T>(
  pids: readonly number[],
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly peakMb: readonly number[] }> {
  const peakMb = pids.map(() => 0);
  const end = new AbortController();
  const watching = (async () => {
    for await (const _ of ticks(LOOK_MS, undefined, { signal: end.signal }))
      for (const [index, pid] of pids.entries())
        peakMb[index] = Math.max(peakMb[index] ?? 0, await rssMb(pid));
  })().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  try {
    return { result: await work(), peakMb };
  } finally {
    end.abort();
    await watching;
  }
}

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}
