import { toError } from '@regulars/kernel';
import { CliError } from './cli-error.js';

/** Where a command speaks and what it may read; tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person watches: progress is drawn for people only. */
  readonly interactive: boolean;
  out(line: string): void;
  error(line: string): void;
  exitWith(code: number): void;
}

export const processTerminal: Terminal = {
  env: process.env,
  interactive: process.stderr.isTTY,
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  exitWith: (code) => {
    process.exitCode = code;
  },
};

/** Runs a command; what its user can mend becomes one line, what nobody expected keeps its stack. */
export async function speaking(terminal: Terminal, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (thrown) {
    const error = toError(thrown);
    terminal.error(
      error instanceof CliError ? `regulars: ${error.message}` : (error.stack ?? error.message),
    );
    terminal.exitWith(1);
  }
}
