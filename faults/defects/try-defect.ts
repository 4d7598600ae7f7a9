import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Defect } from './defects.ts';
import { applyPatch, takeBack } from './patches.ts';

/** Longer than the promise of three minutes is not caught. */
const WITHIN_MS = 180_000;

export interface Trial {
  readonly caught: boolean;
  /** Why not, or which test saw it. */
  readonly remark: string;
  readonly seconds: number;
}

/** Breaks the copy, runs the tests that must see it, and mends it again. */
export async function tryDefect(defect: Defect, tree: string): Promise<Trial> {
  const started = performance.now();
  const trial = await attempt(defect, tree).catch((error: unknown) => ({
    caught: false,
    remark: error instanceof Error ? error.message : String(error),
  }));
  return { ...trial, seconds: Math.round((performance.now() - started) / 1_000) };
}

async function attempt({ id, caughtBy }: Defect, tree: string): Promise<Omit<Trial, 'seconds'>> {
  await applyPatch(id, tree);
  try {
    return judge(await runTests(caughtBy, tree));
  } finally {
    await takeBack(id, tree);
  }
}

interface Report {
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A file that does not load is no test that saw something; one whose hooks fail as well has loaded. */
function judge(report: Report | undefined): Omit<Trial, 'seconds'> {
  if (!report) return { caught: false, remark: 'the tests did not end within three minutes' };
  const red = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (red) return { caught: true, remark: red.fullName };
  if (report.numRuntimeErrorTestSuites > 0) {
    const message = report.testResults.map((result) => result.message).find((text) => text !== '');
    const reason = message?.match(/^ *(\S*Error: .*)$/m)?.[1] ?? '';
    return { caught: false, remark: `a test file did not load. ${reason}` };
  }
  return { caught: false, remark: `${String(report.numPassedTests)} tests passed` };
}

async function runTests(
  { project, path, name }: Defect['caughtBy'],
  tree: string,
): Promise<Report | undefined> {
  const file = join(tree, 'report.json');
  await rm(file, { force: true });
  const jest = join(tree, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      jest,
      ...['--selectProjects', project, '--testPathPatterns', path, '--json', '--outputFile', file],
      ...(name === undefined ? [] : ['-t', name]),
    ],
    { cwd: tree, stdio: 'ignore' },
  );
  const tooLong = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
  await once(child, 'exit');
  clearTimeout(tooLong);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}
