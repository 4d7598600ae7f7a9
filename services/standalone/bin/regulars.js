#!/usr/bin/env node
// `npx regulars`: runs on the Node that npm installed with us, and builds first where nothing was built yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(home, '..', '..');
const main = join(home, 'dist', 'main.js');
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };

if (!existsSync(main)) {
  const build = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const node = existsSync(own) ? own : process.execPath;
if (node === process.execPath || process.versions.node.startsWith('24.')) {
  process.argv[1] = main;
  await import(main);
} else {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, ['--enable-source-maps', main, ...process.argv.slice(2)], {
    env,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
