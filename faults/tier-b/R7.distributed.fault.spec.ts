import { proveRun } from '../run/prove-run.ts';
import { distributedOnLines } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const OPERATIONS = 400;
/** What a bad line leaves of the throughput of a clean one. */
const LEFT_OVER = 0.3;
let share = 0;

proveRun('lines that stall and now and then reset cost time, and nothing else', {
  name: 'R7.distributed',
  open: distributedOnLines,
  load: { perSecond: 40 },
  harm: async (run) => {
    const { scene, journal, random } = run;
    const clean = await timed(() => acknowledged(run, OPERATIONS));
    const stall = { share: 0.05 + random.roll() * 0.15, fromMs: 200, toMs: 1_500 };
    scene.kafkaLine.trouble({ stall, resetShare: 0.002 });
    // Of Postgres' pieces fewer: a request takes a dozen of them, one after the other.
    scene.postgresLine.trouble({
      stall: { ...stall, share: stall.share / 10 },
      resetShare: 0.0005,
    });
    const bad = await timed(() => acknowledged(run, OPERATIONS));
    for (const line of [scene.kafkaLine, scene.postgresLine]) line.trouble({});
    share = clean / bad;
    for (const [where, { counts }] of [
      ['Kafka', scene.kafkaLine],
      ['Postgres', scene.postgresLine],
    ] as const) {
      if (counts.stalled > 0)
        journal.fault(
          `before ${where} ${String(counts.stalled)} pieces stalled, ${String(counts.reset)} connections were reset`,
        );
    }
    journal.fault(`throughput was ${share.toFixed(2)} of clean`);
  },
  also: () =>
    Promise.resolve(share >= LEFT_OVER ? [] : [`throughput fell to ${share.toFixed(2)} of clean`]),
});

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
