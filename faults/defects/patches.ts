import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = fileURLToPath(new URL('../..', import.meta.url));

const patchOf = (id: string): string => fileURLToPath(new URL(`./${id}.patch`, import.meta.url));

/** Rejects, with what git says, when it does not fit the tree any more. */
export async function checkPatch(id: string): Promise<void> {
  await run('git', ['apply', '--check', patchOf(id)], { cwd: root });
}

export async function applyPatch(id: string, tree: string): Promise<void> {
  await run('git', ['apply', patchOf(id)], { cwd: tree });
}

export async function takeBack(id: string, tree: string): Promise<void> {
  await run('git', ['apply', '--reverse', patchOf(id)], { cwd: tree });
}

/** The files that belong to the tree as it lies here, committed or not. */
export async function filesOfTree(): Promise<string[]> {
  const { stdout } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    { cwd: root, maxBuffer: 1 << 26 },
  );
  return stdout.split('\0').filter((name) => name !== '');
}
