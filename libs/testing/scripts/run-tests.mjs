import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs the suites named as arguments (projects of jest.config.js), all of them whatever fails, and ends with one line of
 * what passed and failed. No test at all is a failure, and so is a file that does not load. One suite after the other,
 * but those with a few long files share a run, so that both workers are busy to its end. Kafka's conformance has a
 * run of its own: beside others the broker answers late, and the whole takes no less time.
 */
const root = join(import.meta.dirname, '../../..');
const folder = join(root, '.cache/tests');
const jest = join(root, 'node_modules/jest/bin/jest.js');
await mkdir(folder, { recursive: true });

/** Runs of tier A mostly wait, for starts, sessions and leases; those of tier B want the machine. */
const oneAtATime = new Set(['faults-b']);
const sharedRun = { e2e: 'e2e', 'e2e-kafka': 'e2e' };

const total = { passed: 0, failed: 0 };
const skipped = [];
const runs = Map.groupBy(process.argv.slice(2), (suite) => sharedRun[suite] ?? suite);
for (const [name, suites] of runs) {
  const report = join(folder, `${name}.json`);
  await rm(report, { force: true });
  const code = await run(suites, report);
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

async function run(suites, report) {
  console.log(`\n== ${suites.join(', ')}`);
  const options = [
    '--selectProjects',
    ...suites,
    '--maxWorkers',
    suites.some((suite) => oneAtATime.has(suite)) ? '1' : '2',
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
