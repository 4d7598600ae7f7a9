import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

/**
 * Jest's globalSetup for the end-to-end tests: they start what was built, so it must be of today. Takes a second when
 * nothing changed.
 */
export default async function globalSetup() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-b', 'tsconfig.build.json'], {
      cwd: new URL('..', import.meta.url),
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    throw new Error(`The build failed, so there is nothing to test:\n${error.stdout}`, {
      cause: error,
    });
  }
}
