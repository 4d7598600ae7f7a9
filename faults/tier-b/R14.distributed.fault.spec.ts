import { sql } from '@regulars/persistence';
import { whileHeld } from '../run/held-transaction.ts';
import { proveRun } from '../run/prove-run.ts';
import { startReplica, type Replica } from '../run/replica.ts';
import { distributedOnOwnPostgres } from '../run/scenes.ts';
import { Ticks } from '../run/ticks.ts';
import { acknowledged } from '../run/under-load.ts';

const TICKS = 200;
const REPLICAS = 5;
let wrong: string[] = [];

proveRun('a schedule of five replicas fires once per tick, whoever sleeps, comes or goes at it', {
  name: 'R14.distributed',
  open: (ground) => distributedOnOwnPostgres(ground),
  load: { perSecond: 15 },
  harm: async (run) => {
    const { house, journal, random, scene } = run;
    const ticks = new Ticks(house);
    await ticks.watch();
    let guests: Replica[] = [];
    /** All five. One that slept for over a minute may end when it wakes: then another one takes its place. */
    const pids = async (): Promise<number[]> => {
      for (const guest of guests) {
        if (!guest.running()) journal.fault(`a replica had ended: ${guest.output().slice(-300)}`);
      }
      guests = guests.filter((guest) => guest.running());
      while (guests.length < REPLICAS - 1) guests.push(await startReplica(house, 'prediction'));
      return [await house.pid('prediction'), ...guests.map(({ pid }) => pid)];
    };
    await pids();
    await acknowledged(run, 40);

    /** Somebody sleeps through the tick, who may have been at it. */
    const oneSleeps = async (): Promise<void> => {
      const tick = await ticks.order(random.below(100));
      await asleep([random.oneOf(await pids())], () => ticks.passed(tick));
    };
    /** Whoever fires it is stopped inside its transaction: the others take over, and it wakes too late. */
    const firingSleeps = async (): Promise<void> => {
      const all = await pids();
      const victim = random.oneOf(all);
      const others = all.filter((pid) => pid !== victim);
      let tick = '';
      await asleep(others, () =>
        whileHeld(house.databaseUrl, [sql`lock table prediction.models`], async () => {
          tick = await ticks.order(0);
          await ticks.beingFired();
          signal(victim, 'SIGSTOP');
        }),
      );
      await asleep([victim], () => ticks.passed(tick));
      journal.fault('stopped the replica that was firing a tick; another fired it');
    };
    const postgresCrashes = async (): Promise<void> => {
      const tick = await ticks.order(200);
      await ticks.due(tick);
      await scene.postgres.crash();
      await scene.postgres.restart();
      await ticks.passed(tick);
      journal.fault('Postgres crashed as a tick came due');
    };
    /** All sleep as it comes due, and the first to see it is one that has just started. */
    const newcomer = async (): Promise<void> => {
      const [, gone = 0, ...others] = await pids();
      const all = [await house.pid('prediction'), ...others];
      await guests.find(({ pid }) => pid === gone)?.kill9();
      await asleep(all, async () => {
        const tick = await ticks.order(0);
        await ticks.due(tick);
        guests.push(await startReplica(house, 'prediction'));
        await ticks.passed(tick);
      });
      journal.fault('a replica started at a tick that nobody had fired');
    };

    const special = new Map([
      [40, newcomer],
      [60, postgresCrashes],
      [80, firingSleeps],
      [120, postgresCrashes],
      [140, newcomer],
      [180, firingSleeps],
    ]);
    for (let index = 0; index < TICKS; index += 1) {
      const tick = special.get(index) ?? (random.roll() < 0.2 ? oneSleeps : undefined);
      if (tick) await tick();
      else await ticks.passed(await ticks.order(random.below(50)));
    }
    wrong = await ticks.wrong();
    await house.ready();
    for (const guest of guests) await guest.stop();
  },
  also: () => Promise.resolve(wrong),
});

async function asleep(pids: readonly number[], work: () => Promise<unknown>): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    for (const pid of pids) signal(pid, 'SIGCONT');
  }
}

/** Who has ended meanwhile hears nothing. */
function signal(pid: number, what: NodeJS.Signals): void {
  try {
    process.kill(pid, what);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
