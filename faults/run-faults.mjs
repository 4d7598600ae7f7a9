import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs of the fault matrix: `npm run faults` (tier A), `npm run faults -- R4 R13`, `npm run faults -- --tier B`. Another
 * mode than all: `npm run faults -- R1.standalone`. REGULARS_TEST_FAULT_SEED repeats the decisions of a run.
 */
const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const tiers = { A: 'faults', B: 'faults-b' };

const at = words.indexOf('--tier');
const tier = at < 0 ? undefined : (words.splice(at, 2)[1] ?? '').toUpperCase();
if (tier !== undefined && !(tier in tiers)) fail('--tier takes A or B.');
const known = (
  await Promise.all(['a', 'b'].map((name) => readdir(join(root, `faults/tier-${name}`))))
)
  .flat()
  .map((file) => file.replace('.fault.spec.ts', ''));
for (const word of words) {
  if (!known.some((name) => name === word || name.startsWith(`${word}.`)))
    fail(`There is no run ${word}. These are: ${known.sort().join(', ')}.`);
}
const named = words.map((word) => word.replaceAll('.', String.raw`\.`));
const projects = tier ? [tiers[tier]] : named.length > 0 ? Object.values(tiers) : [tiers.A];
const jest = join(root, 'node_modules/jest/bin/jest.js');
const options = ['--selectProjects', ...projects, '--maxWorkers', '1'];
if (named.length > 0) options.push('--testPathPatterns', `/(${named.join('|')})\\.`);
spawn(
  process.execPath,
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...options],
  { cwd: root, stdio: 'inherit' },
).once('exit', (code) => {
  process.exitCode = code ?? 1;
});

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
