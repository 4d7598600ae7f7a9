import { eventually } from '@regulars/testing';
import { onlyUnavailable } from '../run/answers.ts';
import { proveRun } from '../run/prove-run.ts';
import { standaloneOnSmallDisk } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';
import { PATIENCE_MS } from '../run/patience.ts';

/** Postgres goes on in the space that it had taken before; from when it is full. */
const LASTS_MS = 20_000;

proveRun('a full disk is answered with 503, and all goes on when there is room again', {
  name: 'R8.standalone',
  open: standaloneOnSmallDisk,
  load: { perSecond: 40 },
  harm: async (run) => {
    const { house, journal, scene } = run;
    await acknowledged(run, 100);
    const from = journal.now();
    await eventually(
      () => {
        scene.disk.fill();
        return journal.lastUnclearAt > from;
      },
      { withinMs: PATIENCE_MS },
    );
    journal.fault('the disk of Postgres was full: no more was acknowledged');
    const until = performance.now() + LASTS_MS;
    await eventually(
      () => {
        scene.disk.fill();
        return performance.now() > until;
      },
      { withinMs: LASTS_MS + 10_000 },
    );
    scene.disk.free();
    await house.ready();
    await acknowledged(run, 200);
  },
  also: ({ journal }) => Promise.resolve(onlyUnavailable(journal)),
});
