import { toError } from '@regulars/kernel';
import type { Standalone, StandaloneOptions } from '../start/start-standalone.js';
import { startStandalone } from '../start/start-standalone.js';

/** A standalone in its own process. */
export interface RunningStandalone extends Standalone {
  /** Aborted when it was told to end: what still talks to it will fail, and need not say so. */
  readonly ending: AbortSignal;
}

/** Starts standalone and ends it in order on Ctrl-C or SIGTERM; resolves when it runs. */
export async function runStandalone(
  options: Omit<StandaloneOptions, 'onFatal' | 'onWaiting' | 'signal' | 'env'>,
): Promise<RunningStandalone> {
  const ending = new AbortController();
  let end: (code: number) => void = (code) => process.exit(code);
  const starting = startStandalone({
    ...options,
    env: process.env,
    signal: ending.signal,
    onWaiting: (where) => {
      process.stderr.write(`Postgres at ${where} does not answer yet; waiting for it.\n`);
    },
    onFatal: (error) => {
      process.stderr.write(`Regulars cannot go on: ${error.message}\n`);
      end(1);
    },
  });
  end = (code) => {
    if (ending.signal.aborted) return;
    ending.abort();
    // A stop that hangs must not keep the terminal: what was acknowledged is committed already.
    setTimeout(() => process.exit(1), 30_000).unref();
    starting
      .then(
        (running) => running.stop(),
        // It was told to end before it ran, and has taken back what it had made.
        () => undefined,
      )
      .then(
        () => process.exit(code),
        (error: unknown) => {
          process.stderr.write(`The stop was not clean: ${toError(error).message}\n`);
          process.exit(1);
        },
      );
  };
  // Not `once`: a shell, npm and a supervisor each pass a signal on, and without a listener the second one would kill us
  // in the middle of the stop, with our Postgres left behind.
  process.on('SIGINT', () => {
    if (!ending.signal.aborted) process.stderr.write('\nStopping…\n');
    end(0);
  });
  process.on('SIGTERM', () => {
    end(0);
  });
  const running = await starting.catch((error: unknown) => {
    // `end` ends the process.
    if (ending.signal.aborted) return new Promise<never>(() => undefined);
    throw error;
  });
  return { ...running, ending: ending.signal };
}
