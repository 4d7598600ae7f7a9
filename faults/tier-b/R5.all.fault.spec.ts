import { answeredWithin } from '../run/answers.ts';
import { badLines } from '../run/bad-lines.ts';
import { proveRun } from '../run/prove-run.ts';
import { standaloneOnLines } from '../run/scenes.ts';

proveRun('five bad lines, one after the other, cost nothing but time', {
  name: 'R5.all',
  open: standaloneOnLines,
  harm: (run) => badLines(run, 5),
  // A line that only delays leaves no question open; that each harm was felt is counted where it is done.
  expected: { uncertain: false },
  also: ({ journal }) => Promise.resolve(answeredWithin(journal, 30_000)),
});
