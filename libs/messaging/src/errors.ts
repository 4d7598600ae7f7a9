import { RegularsError } from '@regulars/kernel';

/** The log cannot be reached or does not answer; try again later, nothing is lost. */
export class LogUnavailable extends RegularsError {
  constructor(message: string, cause?: unknown) {
    super('log-unavailable', message, { cause });
  }
}

/** The log will never take this record (too large, malformed). */
export class RecordRefused extends RegularsError {
  constructor(message: string, cause?: unknown) {
    super('record-refused', message, { cause });
  }
}

/** Going on would lose or double something: the process must end. */
export class FatalConsumerError extends RegularsError {
  constructor(message: string, cause?: unknown) {
    super('fatal-consumer', message, { cause });
  }
}

/** Another one has taken over what this producer wrote: it leads no more, and nothing of its last send counts. */
export class Fenced extends RegularsError {
  constructor(message: string, cause?: unknown) {
    super('fenced', message, { cause });
  }
}
