import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { filesOfTree, root } from './patches.ts';

/** A copy of the tree to break, with the packages of this one. Answers its folder and how to remove it. */
export async function copyTree(): Promise<{ tree: string; remove(): Promise<void> }> {
  const tree = await mkdtemp(join(tmpdir(), 'regulars-defects-'));
  for (const name of await filesOfTree()) {
    await mkdir(dirname(join(tree, name)), { recursive: true });
    // A file that was deleted here and not yet committed is missing there too.
    await copyFile(join(root, name), join(tree, name)).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    });
  }
  await linkPackages(tree);
  // Of its own, so that patches are applied here even when the temporary folder lies in another repository.
  await promisify(execFile)('git', ['init', '--quiet'], { cwd: tree });
  return { tree, remove: () => rm(tree, { recursive: true, force: true }) };
}

/** One by one: our own packages are links beside the others, and must lead into the copy. */
async function linkPackages(tree: string): Promise<void> {
  const [from, to] = [join(root, 'node_modules'), join(tree, 'node_modules')];
  await mkdir(join(to, '@regulars'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== '@regulars') await symlink(join(from, name), join(to, name));
  }
  for (const name of await readdir(join(from, '@regulars'))) {
    const target = await readlink(join(from, '@regulars', name));
    await symlink(target, join(to, '@regulars', name));
  }
}
