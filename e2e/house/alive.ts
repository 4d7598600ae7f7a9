import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended and waits for its parent to take note does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    // No /proc on this system, or gone a moment ago: then the next look says so.
    return true;
  }
}
