import { SingleBar } from 'cli-progress';
import type { ReadReport } from '@regulars/forecasting';
import type { TextSource } from '../import/read-text.js';
import type { Terminal } from './terminal.js';

/** A bar by bytes read, since a file does not say how many rows it has. Nothing where nobody watches. */
export function readingProgress(
  source: TextSource,
  terminal: Terminal,
): { update: (report: ReadReport) => void; stop: () => void } {
  if (!terminal.interactive) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: 'Reading {bar} {percentage} % | {rows} rows | {duration_formatted}',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(Math.max(source.totalBytes, 1), 0, { rows: 0 });
  return {
    update: ({ rows }) => {
      bar.update(source.readBytes(), { rows });
    },
    stop: () => {
      bar.stop();
    },
  };
}
