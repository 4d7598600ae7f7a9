/** Where services take "now" from. Domain code gets instants as arguments and never sees this. */
export interface Clock {
  now(): Date;
  /** Whether time passes by itself; a standing or simulated clock never does. */
  readonly ticking: boolean;
}

export const systemClock: Clock = { now: () => new Date(), ticking: true };

/** A clock that stands still (`--clock`, REGULARS_CLOCK). */
export function standingClock(at: Date): Clock {
  return { now: () => new Date(at), ticking: false };
}

/** A clock that only its driver moves, and never back. */
export class SimulatedClock implements Clock {
  readonly ticking = false;
  constructor(private at: Date) {}

  now(): Date {
    return new Date(this.at);
  }

  jumpTo(instant: Date): void {
    if (instant.getTime() < this.at.getTime()) {
      throw new RangeError(
        `The simulated clock stands at ${this.at.toISOString()} and cannot go back to ${instant.toISOString()}.`,
      );
    }
    this.at = new Date(instant);
  }
}
