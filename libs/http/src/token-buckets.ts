/** What is left of a caller's allowance. */
export interface Allowance {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the allowance is whole again, or, when refused, until the next call may come. */
  readonly resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More callers than this at once are not ours; the oldest are forgotten, so that memory stays flat. */
const MOST_BUCKETS = 10_000;

/**
 * An allowance per caller that refills evenly: `perMinute` calls in a minute, all at once or spread. It counts in this
 * process only: with n replicas a caller gets up to n times as much. `now` in milliseconds, rising.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(readonly perMinute: number) {}

  take(caller: string, now: number): Allowance {
    const bucket = this.refilled(caller, now);
    const perSecond = this.perMinute / 60;
    if (bucket.tokens < 1) {
      return {
        allowed: false,
        remaining: 0,
        resetSeconds: Math.ceil((1 - bucket.tokens) / perSecond),
      };
    }
    bucket.tokens -= 1;
    return {
      allowed: true,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil((this.perMinute - bucket.tokens) / perSecond),
    };
  }

  private refilled(caller: string, now: number): Bucket {
    const known = this.buckets.get(caller);
    const bucket = known ?? { tokens: this.perMinute, at: now };
    const gained = (Math.max(0, now - bucket.at) * this.perMinute) / 60_000;
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + gained);
    bucket.at = now;
    // Last used goes last, so the first is the one to forget.
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    if (this.buckets.size > MOST_BUCKETS) this.forgetOldest();
    return bucket;
  }

  private forgetOldest(): void {
    const oldest = this.buckets.keys().next();
    if (oldest.done !== true) this.buckets.delete(oldest.value);
  }
}
