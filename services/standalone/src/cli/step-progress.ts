import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** How far a computation is; nothing where nobody watches. */
export function stepProgress(
  what: string,
  terminal: Terminal,
): { update: (done: number, of: number) => void; stop: () => void } {
  if (!terminal.interactive) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % | {duration_formatted}`,
    hideCursor: true,
    clearOnComplete: true,
    // Computing keeps the event loop busy: the bar draws when it is told to, not by a timer.
    synchronousUpdate: true,
    stream: process.stderr,
  });
  bar.start(1, 0);
  return {
    update: (done, of) => {
      bar.setTotal(of);
      bar.update(done);
    },
    stop: () => {
      bar.stop();
    },
  };
}
