import { setTimeout as delay } from 'node:timers/promises';
import { RegularsError, type SimulatedClock } from '@regulars/kernel';
import type { RunningService } from '@regulars/service';
import { lookAround, type Standing } from './quiescence.js';

const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 8;
const busy: Standing = { quiet: false, next: [] };

/**
 * Moves the simulated clock: only when nothing is due or leased, no send is in flight, the outboxes are empty and
 * every group is at the end; and then to the next due timer, never past one.
 */
export class TimeDriver {
  constructor(
    private readonly clock: SimulatedClock,
    private readonly services: readonly RunningService[],
  ) {}

  /** Works off everything up to `instant`, timer by timer, and stands there. */
  async advanceTo(instant: Date): Promise<void> {
    for (;;) {
      const { next } = await this.settle();
      const times = next.flatMap((at) => (at ? [at.getTime()] : []));
      const first = Math.min(...times, Infinity);
      if (first > instant.getTime()) break;
      this.clock.jumpTo(new Date(first));
      this.wake((service) => next[service]?.getTime() === first);
    }
    // Between here and the instant nothing is due.
    this.clock.jumpTo(instant);
  }

  /** Waits until the house is quiet at the present instant. */
  async settle(): Promise<Standing> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      const standing = await this.look();
      if (standing.quiet) return standing;
      if (performance.now() > deadline) {
        throw new RegularsError(
          'not-quiet',
          `At ${this.clock.now().toISOString()} the services did not come to rest within a minute; their log says why.`,
        );
      }
      await delay(pauseMs);
    }
  }

  private async look(): Promise<Standing> {
    // The cheap question first: while it says yes, the database has better things to do than to answer ours.
    if (this.services.some((service) => service.busy())) return busy;
    if (!(await this.probesIdle())) return busy;
    const [first] = this.services;
    if (!first) return { quiet: true, next: [] };
    const standing = await lookAround(first.database, this.services, this.clock.now());
    if (!standing.quiet) return standing;
    return (await this.probesIdle()) ? standing : busy;
  }

  private async probesIdle(): Promise<boolean> {
    for (const { probes } of this.services) if (!(await probes.allIdle())) return false;
    return true;
  }

  private wake(isDue: (service: number) => boolean): void {
    this.services.forEach(({ timers }, index) => {
      if (isDue(index)) timers.wake();
    });
  }
}
