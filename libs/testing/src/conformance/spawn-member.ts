import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '../eventually.js';
import type { MemberOrder } from './run-member.js';

export interface ChildMember {
  /** Whether the child has said this: `joined`, `working`. */
  said(word: string): boolean;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  ended(): Promise<void>;
}

/** A member of the group in a process of its own, to be killed or stopped. Resolves once it has joined. */
export async function spawnMember(order: MemberOrder): Promise<ChildMember> {
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      file('./run-source.mjs'),
      file('./run-member.ts'),
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
  const member: ChildMember = {
    said: (word) => output.split('\n').includes(word),
    signal: (signal) => {
      child.kill(signal);
    },
    ended: () => ended,
  };
  try {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`The member ended: ${errors}`);
        return member.said('joined');
      },
      { withinMs: 30_000 },
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return member;
}
