import { RegularsError } from '@regulars/kernel';

/** Something the person at the terminal can mend; shown as one line, without a stack. */
export class CliError extends RegularsError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('cli', message, options);
  }
}
