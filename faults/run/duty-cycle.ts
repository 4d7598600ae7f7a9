import { setTimeout as pause } from 'node:timers/promises';

const PERIOD_MS = 100;

/**
 * Lets a process run for a share of each tenth of a second, until `done`: what is left of a processor whose quota is
 * that share, where control groups may not be had.
 */
export async function dutyCycle(
  pidOf: () => Promise<number>,
  share: number,
  done: () => Promise<boolean>,
): Promise<void> {
  const pid = await pidOf();
  try {
    for (let cycle = 0; ; cycle += 1) {
      if (cycle % 20 === 0 && (await done())) return;
      process.kill(pid, 'SIGSTOP');
      await pause(PERIOD_MS * (1 - share));
      process.kill(pid, 'SIGCONT');
      await pause(PERIOD_MS * share);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
