import { together } from './together.js';

/**
 * Pauses between looks for work, in milliseconds: short while there was some lately, each twice as long as the one
 * before while there is none, so that an idle house stays idle. The long ones end together.
 */
export class IdlePause {
  private ms: number;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {
    this.ms = firstMs;
  }

  /** The pause after a look that found nothing. */
  next(): number {
    const { ms } = this;
    this.ms = Math.min(ms * 2, this.longestMs);
    return together(ms);
  }

  /** Something was found, or told: more may follow soon. */
  reset(): void {
    this.ms = this.firstMs;
  }
}
