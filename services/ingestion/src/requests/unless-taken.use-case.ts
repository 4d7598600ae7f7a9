import { ProblemError } from '@regulars/http';

/** Other transactions stored the same things first, again and again. */
export class KeysContended extends ProblemError {
  constructor() {
    super({
      status: 503,
      code: 'keys-contended',
      title: 'Not available right now',
      detail: 'The same things are being stored by many calls at once. Repeat the call.',
      headers: { 'retry-after': '1' },
    });
  }
}

const maxTries = 5;

/** Runs a transaction anew that was late with a key: this time it finds who was first. */
export async function unlessTaken<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < maxTries; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (!keyWasTaken(error)) throw error;
    }
  }
  throw new KeysContended();
}

/** Another transaction was first with a unique key, and has committed since this one looked. */
export function keyWasTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

const UNIQUE_VIOLATION = '23505';
