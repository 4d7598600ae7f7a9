import type { GapPosterior } from './gap-posterior.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs, exp, log, max, min } = Math;

/** ln of a time that no calendar holds, in time units, whichever they are. */
const LN_BEYOND_ANY_CALENDAR = log(1e12);
/** ln of a time that is none. */
const LN_AT_ONCE = log(1e-12);
/** Newton's steps square the error: after one as small as this the relative error is near a millionth, or 1e-9. */
export const A_MILLIONTH = 5e-4;
export const EXACT = 1e-5;
const LARGE_STEP = 4;

/**
 * Solves for the time v from now at which a share of what is left after a silence has ended. In logit(share) over ln v
 * distributions of gaps are nearly straight, so Newton's steps are few; a bracket that every value narrows keeps them in.
 * One search tells the next where to start.
 */
export class GapQuantile {
  private lnTime = 0;
  private slope = 0;
  private odds = 0;
  private silence = 0;
  private left = 1;

  constructor(private readonly posterior: GapPosterior) {}

  /** From now on times count from a silence of u, which is survived with a probability of `left`. */
  begin(u: number, left: number): void {
    this.silence = u;
    this.left = left;
    this.slope = 0;
    this.lnTime = this.guess();
  }

  /** The time at which `share` (below 1, above 0) has passed and `rest` = 1 - share is left; at most `cap`. */
  find(share: number, rest: number, cap: number, smallStep: number): number {
    const odds = log(share / rest);
    let low = LN_AT_ONCE;
    let high = min(log(cap), LN_BEYOND_ANY_CALENDAR);
    let at = this.slope > 0 ? this.lnTime + (odds - this.odds) / this.slope : this.lnTime;
    for (let step = 0; step < 200; step++) {
      if (!(at > low && at < high)) at = (low + high) / 2;
      this.evaluate(at);
      const off = odds - this.odds;
      if (off > 0) low = at;
      else high = at;
      const newton = off / this.slope;
      const next = at + max(-LARGE_STEP, min(LARGE_STEP, newton));
      if (abs(newton) < smallStep || high - low < 1e-10) {
        at = min(high, max(low, next));
        break;
      }
      at = next;
    }
    return at >= LN_BEYOND_ANY_CALENDAR - EXACT ? Infinity : min(cap, exp(at));
  }

  /** Log-odds of having ended by then, and how fast they rise with ln v. */
  private evaluate(lnTime: number): void {
    const { posterior, silence, left } = this;
    const v = exp(lnTime);
    posterior.look(silence + v);
    const share = silence === 0 ? posterior.passed : max(0, left - posterior.left) / left;
    const rest = posterior.left / left;
    this.lnTime = lnTime;
    this.odds = log(share / rest);
    this.slope = (posterior.slope * v) / ((silence + v) * left * share * rest);
  }

  /** A typical gap; after a longer silence than that, by how fast the rest dwindles now. */
  private guess(): number {
    const { posterior, silence, left } = this;
    const typical = posterior.lnTypicalGap();
    if (silence === 0 || log(silence) < typical) return typical;
    posterior.look(silence);
    const power = posterior.slope / left;
    return log(silence * (exp(0.7 / max(power, 0.01)) - 1));
  }
}
