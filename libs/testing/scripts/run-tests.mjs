import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs the suites named as arguments (projects of jest.config.js), one after the other, all of them whatever fails,
 * and ends with one line of what passed and failed. No test at all is a failure, and so is a file that does not load.
 */
const root = join(import.meta.dirname, '../../..');
const folder = join(root, '.cache/tests');
const jest = join(root, 'node_modules/jest/bin/jest.js');
await mkdir(folder, { recursive: true });

/** A fault run is five processes and their load: two of them at once would break each other. */
const oneAtATime = new Set(['faults', 'faults-ci', 'faults-b']);

const total = { passed: 0, failed: 0 };
const skipped = [];
for (const suite of process.argv.slice(2)) {
  const report = join(folder, `${suite}.json`);
  await rm(report, { force: true });
  const code = await run(suite, report);
  const counted = await readFile(report, 'utf8').then(count, () => ({
    passed: 0,
    failed: 0,
    skipped: [],
  }));
  total.passed += counted.passed;
  skipped.push(...counted.skipped);
  // Jest can fail without a failing test: a crash, or something in its setup.
  total.failed += code !== 0 && counted.failed === 0 ? 1 : counted.failed;
}

for (const name of skipped) console.log(`skipped: ${name}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function run(suite, report) {
  console.log(`\n== ${suite}`);
  const options = [
    '--selectProjects',
    suite,
    '--maxWorkers',
    oneAtATime.has(suite) ? '1' : '2',
    '--json',
    '--outputFile',
    report,
  ];
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...options],
    // With --json Jest speaks on stderr and repeats the report on stdout, which the file has already.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

function count(text) {
  const report = JSON.parse(text);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'pending' || status === 'todo')
      .map(({ fullName }) => fullName),
  };
}
