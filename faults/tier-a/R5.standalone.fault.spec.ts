import { proveRun } from '../run/prove-run.ts';
import { badLines } from '../run/bad-lines.ts';
import { answeredWithin } from '../run/answers.ts';
import { standaloneOnLines } from '../run/scenes.ts';

proveRun('two bad lines, before Postgres or the mail server, cost nothing but time', {
  name: 'R5.standalone',
  open: standaloneOnLines,
  harm: (run) => badLines(run, 2),
  // A line that only delays leaves no question open; that each harm was felt is counted where it is done.
  expected: { uncertain: false },
  also: ({ journal }) => Promise.resolve(answeredWithin(journal, 30_000)),
});
