import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

export interface Child {
  /** What it has written so far; the last one may be cut. */
  lines(): readonly string[];
  /** Whether it has written this line. */
  said(line: string): boolean;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  ended(): Promise<void>;
}

/**
 * Runs a TypeScript file of the workspace in a process of its own, to be killed or stopped; `order` is its argument, as
 * JSON. Resolves once it has said `ready`. It must end when its standard input does.
 */
export async function spawnChild(file: URL, order: object, ready: string): Promise<Child> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      fileURLToPath(new URL('./run-source.mjs', import.meta.url)),
      fileURLToPath(file),
      JSON.stringify(order),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const lines = () => output.split('\n');
  const said = (line: string) => lines().includes(line);
  try {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`The child ended: ${errors}`);
        return said(ready);
      },
      { withinMs: 120_000 },
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    lines,
    said,
    signal: (signal) => {
      child.kill(signal);
    },
    ended: () => ended,
  };
}
