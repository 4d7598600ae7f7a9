import { toError } from '@regulars/kernel';

/** Resolves when the thing works; rejects or throws when it does not. */
export type ReadinessCheck = () => Promise<void> | void;

export interface CheckOutcome {
  readonly name: string;
  readonly ok: boolean;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly CheckOutcome[];
}

export interface HealthOptions {
  /** A check that takes longer has failed: a hanging dependency must not hang the answer. */
  readonly timeoutMs?: number;
  /** Told when a check begins to fail or works again, not at each look. */
  readonly onChange?: (name: string, error: Error | undefined) => void;
}

/** What this service needs to do its work, asked anew at each look. Liveness asks nothing. */
export class HealthRegistry {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly failing = new Set<string>();
  private stopping = false;

  constructor(private readonly options: HealthOptions = {}) {}

  register(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new RangeError(`There is a readiness check ${name} already.`);
    this.checks.set(name, check);
  }

  /** From now on not ready: the load balancer lets go before the server does. */
  stop(): void {
    this.stopping = true;
  }

  async check(): Promise<Readiness> {
    const checks = await Promise.all(
      [...this.checks].map(async ([name, check]) => ({ name, ok: await this.holds(name, check) })),
    );
    if (this.stopping) checks.push({ name: 'stopping', ok: false });
    return { ready: checks.every(({ ok }) => ok), checks };
  }

  private async holds(name: string, check: ReadinessCheck): Promise<boolean> {
    try {
      await inTime(check, this.options.timeoutMs ?? 2_000);
    } catch (thrown) {
      if (!this.failing.has(name)) this.options.onChange?.(name, toError(thrown));
      this.failing.add(name);
      return false;
    }
    if (this.failing.delete(name)) this.options.onChange?.(name, undefined);
    return true;
  }
}

async function inTime(check: ReadinessCheck, timeoutMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${String(timeoutMs)} ms`));
  }, timeoutMs);
  try {
    await Promise.race([(async () => check())(), late]);
  } finally {
    clearTimeout(timer);
  }
}
