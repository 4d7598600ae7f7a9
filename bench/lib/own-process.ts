import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A yardstick that serves requests in a process of its own, as what it is compared with does. */
export interface OwnProcess {
  readonly address: string;
  close(): Promise<void>;
}

/** Runs a module that says {@link tellAddress}. Rejects when it ends before. */
export async function runOwnProcess(
  module: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<OwnProcess> {
  const child = fork(fileURLToPath(module), { env: { PATH: process.env['PATH'], ...env } });
  const ended = once(child, 'exit');
  const address = await Promise.race([
    once(child, 'message').then(([told]) => String(told)),
    ended.then(() => Promise.reject(new Error(`${module.pathname} ended before it listened.`))),
  ]);
  return {
    address,
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}

/** For the module: it listens here, and ends with who runs it. */
export function tellAddress(address: string): void {
  process.send?.(address);
  process.once('disconnect', () => process.exit());
}
