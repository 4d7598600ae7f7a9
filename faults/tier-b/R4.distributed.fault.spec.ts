import { eventually, type TestKafka } from '@regulars/testing';
import type { Journal } from '../run/journal.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributedOnThree } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const ALL_DOWN_MS = 60_000;
const brokers = [0, 1, 2];

proveRun('three brokers die one by one, are bounced, and are all away; the API takes everything', {
  name: 'R4.distributed',
  open: distributedOnThree,
  load: { perSecond: 20 },
  expected: { uncertain: false },
  harm: async (run) => {
    const { journal, random, scene } = run;
    await acknowledged(run, 60);
    const victim = random.below(brokers.length);
    await scene.kafka.kill9(victim);
    journal.fault(`killed broker ${String(victim)}, which led a third of the partitions`);
    await acknowledged(run, 100);
    await scene.kafka.restart(victim);

    for (const broker of brokers) {
      await scene.kafka.restart(broker);
      journal.fault(`bounced broker ${String(broker)}`);
      await acknowledged(run, 60);
    }

    await Promise.all(brokers.map((broker) => scene.kafka.kill9(broker)));
    journal.fault('killed all brokers at once');
    const until = performance.now() + ALL_DOWN_MS;
    await acknowledged(run, 200);
    await eventually(() => performance.now() > until, { withinMs: ALL_DOWN_MS + 1_000 });
    await bringBack(scene.kafka);
    await acknowledged(run, 60);
  },
  also: ({ journal }) => Promise.resolve(everythingTaken(journal)),
});

/** At once: one alone finds no majority and is never ready. */
async function bringBack(kafka: TestKafka): Promise<void> {
  await Promise.all(brokers.map((broker) => kafka.restart(broker)));
}

/** Kafka being down is no reason to refuse, or to make anybody wait for an answer. */
function everythingTaken({ operations }: Journal): string[] {
  const open = operations.filter(({ end }) => end !== 'ok').length;
  return open === 0 ? [] : [`${String(open)} requests were not acknowledged at once`];
}
