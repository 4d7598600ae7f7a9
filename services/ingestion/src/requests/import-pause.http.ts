import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { overloaded } from '@regulars/http';
import { OUTBOX_AGE, READING_AGE } from '@regulars/service';
import { atOnce, type Pace } from './record-in-parts.http.js';

/** While an event that is older has not been sent, history waits: what happens today goes first. */
const PAUSE_MS = 1_000;
const RETRY_S = 1;
/** Somebody who buys now is served beside an import for so long after. */
const LIVE_MS = 1_000;
/** Then parts are small, so that nobody waits for one, */
const PART_BESIDE = 25;
/** each is followed by a rest of so many times its own time, */
const REST = 2;
/** and history waits while consumers of this process have not read what is older. */
const BEHIND_MS = 5_000;
const LOOK_MS = 10;
/** Where they are always behind history gets in slowly, but it gets in. */
const LONGEST_MS = 10_000;
/** An answer must come before its caller gives up. */
const LONGEST_REQUEST_MS = 20_000;

/** Keeps imports from filling the outbox faster than it empties, and from delaying what happens today. */
@Injectable()
export class ImportPause {
  private last: Promise<unknown> = Promise.resolve();
  private liveAt = -Infinity;
  private restUntil = -Infinity;

  constructor(
    @Inject(OUTBOX_AGE) private readonly unsentMs: () => number,
    @Inject(READING_AGE) private readonly unreadMs: () => number,
  ) {}

  /** Somebody buys now. */
  live(): void {
    this.liveAt = performance.now();
  }

  /** How this batch is recorded. Throws 503 when there is history in it that has to wait. */
  admit(items: readonly unknown[]): Pace {
    if (!items.some(isImported)) {
      this.live();
      return atOnce;
    }
    if (this.unsentMs() > PAUSE_MS)
      throw overloaded('Imports pause until what was stored before has been passed on.', RETRY_S);
    const deadline = performance.now() + LONGEST_REQUEST_MS;
    return {
      partSize: () => (this.isLive ? PART_BESIDE : atOnce.partSize()),
      next: (work) => this.inTurn(work, deadline),
    };
  }

  private get isLive(): boolean {
    return performance.now() - this.liveAt < LIVE_MS;
  }

  /** One part of all imports at a time. */
  private inTurn<T>(work: () => Promise<T>, deadline: number): Promise<T> {
    const turn = this.last.then(async () => {
      await this.mayGoOn(deadline);
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        const now = performance.now();
        this.restUntil = now + REST * (now - startedAt);
      }
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async mayGoOn(deadline: number): Promise<void> {
    const until = Math.min(deadline, performance.now() + LONGEST_MS);
    const mustWait = (): boolean =>
      this.isLive && (performance.now() < this.restUntil || this.unreadMs() > BEHIND_MS);
    while (mustWait() && performance.now() < until) await pause(LOOK_MS);
  }
}

function isImported(item: unknown): boolean {
  return (item as { imported?: unknown } | null)?.imported === true;
}
