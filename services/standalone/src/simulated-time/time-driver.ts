import { setTimeout as delay } from 'node:timers/promises';
import { RegularsError, type SimulatedClock } from '@regulars/kernel';
import type { RunningService } from '@regulars/service';
import { lookAround, type Standing } from './quiescence.js';

const PATIENCE_MS = 60_000;

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
      const { nextDueAt } = await this.settle();
      if (nextDueAt === undefined || nextDueAt > instant) break;
      this.clock.jumpTo(nextDueAt);
      this.wake();
    }
    this.clock.jumpTo(instant);
    this.wake();
    await this.settle();
  }

  /** Waits until the house is quiet at the present instant. */
  async settle(): Promise<Standing> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 20)) {
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
    const busy: Standing = { quiet: false, nextDueAt: undefined };
    if (!(await this.probesIdle())) return busy;
    const [first] = this.services;
    if (!first) return { quiet: true, nextDueAt: undefined };
    const standing = await lookAround(first.database, this.services, this.clock.now());
    if (!standing.quiet) return standing;
    return (await this.probesIdle()) ? standing : busy;
  }

  private async probesIdle(): Promise<boolean> {
    for (const { probes } of this.services) if (!(await probes.allIdle())) return false;
    return true;
  }

  private wake(): void {
    for (const { timers } of this.services) timers.wake();
  }
}
