import { eventually } from '@regulars/testing';
import { blackHole, type Trouble } from '../proxy/trouble.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributedOnLines } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

/** Past the session of 6 s and the 10 s after which Postgres ends an idle transaction. */
const LASTS_MS = 20_000;

proveRun(
  'services cut from Kafka or from Postgres, wholly or in one direction, go on where they were',
  {
    name: 'R6.distributed',
    open: distributedOnLines,
    load: { perSecond: 25 },
    harm: async (run) => {
      const { scene, journal } = run;
      const cuts: readonly (readonly [string, TcpProxy, Trouble])[] = [
        ['cut from Kafka, not from Postgres', scene.kafkaLine, blackHole],
        ['cut from Postgres, not from Kafka', scene.postgresLine, blackHole],
        ['half-open towards Kafka: answers get lost', scene.kafkaLine, { hold: ['to-client'] }],
        [
          'half-open towards Postgres: answers get lost',
          scene.postgresLine,
          { hold: ['to-client'] },
        ],
      ];
      for (const [what, line, trouble] of cuts) {
        await acknowledged(run, 60);
        const before = line.counts.held;
        const until = performance.now() + LASTS_MS;
        line.trouble(trouble);
        await eventually(() => line.counts.held > before && performance.now() > until, {
          withinMs: LASTS_MS + 10_000,
        });
        line.trouble({});
        journal.fault(`${what}, ${String(line.counts.held - before)} pieces were held`);
        await acknowledged(run, 60);
      }
    },
  },
);
