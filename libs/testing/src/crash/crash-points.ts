import { FatalConsumerError } from '@regulars/messaging';

export type EffectKind = 'statement' | 'commit' | 'publish' | 'acknowledge' | 'provider-call';

/** The process is dead from here on: nothing retries, nothing is set aside. */
export class Crashed extends FatalConsumerError {
  constructor() {
    super('The process has crashed, as its test wanted.');
  }
}

export interface CrashPoint {
  /** The effect, counted from 0. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Counts effects where the ports meet the world, and kills the process just before or just after one of them. */
export class CrashPoints {
  private armed: CrashPoint | undefined;
  private dead = false;
  private counted: EffectKind[] = [];

  get trace(): readonly EffectKind[] {
    return this.counted;
  }

  get crashed(): boolean {
    return this.dead;
  }

  /** A new process, which is to die at the point; without one it lives. */
  restart(point?: CrashPoint): void {
    this.armed = point;
    this.dead = false;
    this.counted = [];
  }

  async around<T>(kind: EffectKind, effect: () => Promise<T>): Promise<T> {
    const at = this.before(kind);
    try {
      return await effect();
    } finally {
      // Also of one that was refused: the process may die before it learns so.
      this.after(at);
    }
  }

  /** Answers which effect it is. */
  before(kind: EffectKind): number {
    if (this.dead) throw new Crashed();
    const at = this.counted.push(kind) - 1;
    this.dieIf(at, 'before');
    return at;
  }

  after(at: number): void {
    this.dieIf(at, 'after');
    if (this.dead) throw new Crashed();
  }

  private dieIf(at: number, when: CrashPoint['when']): void {
    if (this.armed?.at !== at || this.armed.when !== when) return;
    this.dead = true;
    throw new Crashed();
  }
}
