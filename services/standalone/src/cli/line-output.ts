import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { CliError } from './cli-error.js';
import type { Terminal } from './terminal.js';

/** Lines to a file, or to standard output. It waits where the disk is slower than the forecasts. */
export interface Output {
  readonly path?: string;
  line(text: string): Promise<void> | undefined;
  close(): Promise<void>;
}

const PIECE = 64 * 1024;

export function openOutput(path: string | undefined, terminal: Terminal): Output {
  if (path === undefined) {
    return {
      line: (text) => {
        terminal.out(text);
        return undefined;
      },
      close: () => Promise.resolve(),
    };
  }
  const stream = createWriteStream(path);
  const failure = new Promise<never>((_, reject) => {
    stream.once('error', (cause) => {
      reject(new CliError(`${path} cannot be written.`, { cause }));
    });
  });
  // Whoever waits next sees the failure; nobody may be waiting when it comes.
  failure.catch(() => undefined);
  let piece = '';
  const flush = async (): Promise<void> => {
    const full = piece;
    piece = '';
    if (!stream.write(full)) await Promise.race([once(stream, 'drain'), failure]);
  };
  return {
    path,
    line(text) {
      piece += `${text}\n`;
      return piece.length < PIECE ? undefined : flush();
    },
    async close() {
      stream.end(piece);
      await Promise.race([once(stream, 'finish'), failure]);
    },
  };
}
