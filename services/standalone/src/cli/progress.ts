import { SingleBar } from 'cli-progress';
import type { TextSource } from '../import/read-text.js';
import type { ImportSummary } from '../import/import-summary.js';
import type { Terminal } from './terminal.js';

export interface Progress {
  update(summary: ImportSummary): void;
  stop(): void;
}

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** A bar by bytes read, since a file does not say how many rows it has. Nothing where nobody watches. */
export function progressOf(source: TextSource, terminal: Terminal): Progress {
  if (!terminal.interactive) return silent;
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {rows} rows | {rejected} rejected | {duration_formatted}',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(Math.max(source.totalBytes, 1), 0, { rows: 0, rejected: 0 });
  return {
    update: ({ rows, rejected }) => {
      bar.update(source.readBytes(), { rows, rejected });
    },
    stop: () => {
      bar.stop();
    },
  };
}
