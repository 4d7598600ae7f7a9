import type { Logger } from '@regulars/observability';
import {
  BacklogWatch,
  type BacklogWatchOptions,
  type Overload,
  type Relay,
} from '@regulars/outbox';

/** Watches what the relay leaves, and says once when refusing begins and ends. */
export function watchBacklog(
  relay: Relay,
  { logger, ...parts }: Pick<BacklogWatchOptions, 'database' | 'limits' | 'metrics'> & Logging,
): BacklogWatch {
  return new BacklogWatch({
    ...parts,
    passed: () => relay.passed,
    onChange: (overload, rows) => {
      if (overload)
        logger.warn({ reason: overload, rows }, 'more is refused until the outbox is drained');
      else logger.warn({ rows }, 'the outbox is drained; nothing is refused any more');
    },
    onError: (error) => {
      // Whoever writes meets the same trouble, and is answered.
      logger.debug({ err: error }, 'the outbox could not be looked at');
    },
  });
}

interface Logging {
  readonly logger: Logger;
}

/** What callers are told while more is refused. */
export function behindText(overload: Overload | undefined): string | undefined {
  return overload && TEXTS[overload];
}

const TEXTS: Readonly<Record<Overload, string>> = {
  'outbox-too-large': 'More is stored than has been passed on, and its room is used up.',
  'outbox-too-old': 'What was stored is not passed on as fast as it comes.',
};
