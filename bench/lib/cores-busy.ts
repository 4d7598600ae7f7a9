import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** How much of all cores is in use, 0 to 1, watched for a while in which the caller does nothing. */
export async function coresBusy(watchedMs = 3_000): Promise<number> {
  const before = used();
  await pause(watchedMs);
  const after = used();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}

function used(): { busy: number; all: number } {
  const times = cpus().map((core) => core.times);
  const all = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq + t.idle, 0);
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}
