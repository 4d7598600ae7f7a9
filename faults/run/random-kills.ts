import { eventually } from '@regulars/testing';
import type { Underway } from './fault-run.ts';

export interface Outage {
  readonly kills: number;
  /** From each kill until everything was ready again, summed. */
  readonly outageMs: number;
}

/**
 * Kills processes with SIGKILL at random moments under load, in random order, each as often as any other, and only when
 * everything is back from the kill before.
 */
export async function randomKills(
  { house, random, journal, clients }: Underway,
  kills: number,
): Promise<Outage> {
  let outageMs = 0;
  let left: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const from = clients.acknowledged.purchase;
    const more = 20 + random.below(140);
    await eventually(() => clients.acknowledged.purchase >= from + more, { withinMs: 60_000 });
    if (left.length === 0) left = [...house.processes];
    const [victim = ''] = left.splice(random.below(left.length), 1);
    const killedAt = performance.now();
    await house.kill9(victim);
    journal.fault(`killed ${victim}`);
    await house.ready();
    outageMs += performance.now() - killedAt;
  }
  return { kills, outageMs };
}
