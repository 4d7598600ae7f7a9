import { eventually } from '@regulars/testing';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import { blackHole } from '../proxy/trouble.ts';
import type { Underway } from './fault-run.ts';
import type { LinesScene } from './scenes.ts';
import { acknowledged } from './under-load.ts';
import { PATIENCE_MS } from './patience.ts';

interface Harm {
  readonly what: string;
  begin(line: TcpProxy): void;
  /** That it touched something; a fault that touched nothing is no fault. */
  felt(line: TcpProxy): number;
}

const harms: readonly Harm[] = [
  {
    what: 'delay of 300 ms',
    begin: (line) => {
      line.trouble({ delayMs: 300 });
    },
    felt: ({ counts }) => counts.delayed,
  },
  {
    what: 'resets',
    begin: (line) => {
      line.resetAll();
      line.trouble({ resetShare: 0.02 });
    },
    felt: ({ counts }) => counts.reset,
  },
  {
    what: 'black hole',
    begin: (line) => {
      line.trouble(blackHole);
    },
    felt: ({ counts }) => counts.held,
  },
  {
    what: 'slices of 1 kB',
    begin: (line) => {
      line.trouble({ sliceBytes: 1_000, delayMs: 2 });
    },
    felt: ({ counts }) => counts.delayed,
  },
  {
    what: 'cut after 20 kB',
    begin: (line) => {
      line.trouble({ cutAfterBytes: 20_000 });
    },
    felt: ({ counts }) => counts.cut,
  },
];

const LASTS_MS = 12_000;

/** So many of the five, drawn by the seed, first before Postgres, then before the mail server, and so on. */
export async function badLines(run: Underway<LinesScene>, count: number): Promise<void> {
  const { scene, journal, random } = run;
  const left = [...harms];
  for (let index = 0; index < count; index += 1) {
    const [harm] = left.splice(random.below(left.length), 1);
    if (!harm) return;
    const [line, where] =
      index % 2 === 0 ? [scene.postgres, 'Postgres'] : [scene.provider, 'the mail server'];
    await acknowledged(run, 100);
    const before = harm.felt(line);
    const until = performance.now() + LASTS_MS;
    harm.begin(line);
    await eventually(() => harm.felt(line) > before && performance.now() > until, {
      withinMs: PATIENCE_MS,
    });
    line.trouble({});
    journal.fault(`${harm.what} before ${where}, felt ${String(harm.felt(line) - before)} times`);
  }
  await acknowledged(run, 200);
}
