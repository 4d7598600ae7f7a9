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

/** A clock that only its driver moves, and never back, until it is let go and follows the system's. */
export class SimulatedClock implements Clock {
  private free = false;

  constructor(private at: Date) {}

  get ticking(): boolean {
    return this.free;
  }

  now(): Date {
    return this.free ? new Date() : new Date(this.at);
  }

  jumpTo(instant: Date): void {
    if (this.free) throw new RangeError('The simulated clock was let go and moves by itself.');
    if (instant.getTime() < this.at.getTime()) {
      throw new RangeError(
        `The simulated clock stands at ${this.at.toISOString()} and cannot go back to ${instant.toISOString()}.`,
      );
    }
    this.at = new Date(instant);
  }

  /** The simulation has reached the present: from now on this is the system's clock. */
  letGo(): void {
    this.free = true;
  }
}
