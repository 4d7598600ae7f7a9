import { eventually } from '@regulars/testing';
import { openSums, sumsOf } from '../../e2e/house/reconcile.ts';
import type { Underway } from './fault-run.ts';
import { PATIENCE_MS } from './patience.ts';

/**
 * Kills processes with SIGKILL at random moments under load: in rounds, in each round every process once, in random
 * order, the next one while the others may still be coming back. A round begins when everything is ready. Answers with the
 * records that `regulars reconcile` could not account for after every fifth kill, under load.
 */
export async function randomKills(
  { house, random, journal, clients }: Underway,
  kills: number,
): Promise<string[]> {
  const open: object[] = [];
  let left: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    if (left.length === 0) {
      await house.ready();
      left = [...house.processes];
    }
    const from = clients.acknowledged.purchase;
    const more = 20 + random.below(140);
    await eventually(() => clients.acknowledged.purchase >= from + more, { withinMs: PATIENCE_MS });
    const [victim = ''] = left.splice(random.below(left.length), 1);
    await house.kill9(victim);
    journal.fault(`killed ${victim}`);
    if (kill % 5 === 4) open.push(...openSums(await sumsOf(house)));
  }
  await house.ready();
  return open.map((sum) => `not accounted for under load: ${JSON.stringify(sum)}`);
}
