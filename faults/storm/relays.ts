import { Dice, eventually, spawnChild, type Child } from '@regulars/testing';
import type { Fault } from '../checker/history.ts';

/** What a relay of the storm is told. */
export interface RelayOrder {
  readonly databaseUrl: string;
  /** The log in the same Postgres, or Kafka's addresses. */
  readonly log: 'postgres-log' | readonly string[];
  readonly seed: number;
}

const RELAYS = 3;

/** The relays of one service, each a process; one leads. What is done to them goes on record. */
export class Relays {
  readonly faults: Fault[] = [];
  private readonly running: Child[] = [];
  private readonly startedAt = performance.now();
  private readonly replacing: Promise<void>[] = [];
  private started = 0;

  private constructor(private readonly order: RelayOrder) {}

  static async start(order: RelayOrder): Promise<Relays> {
    const relays = new Relays(order);
    await Promise.all(Array.from({ length: RELAYS }, () => relays.add()));
    return relays;
  }

  private async add(): Promise<void> {
    this.started += 1;
    const seed = new Dice(this.order.seed, this.started).between(0, 2 ** 31);
    const script = new URL('./run-relay.ts', import.meta.url);
    this.running.push(await spawnChild(script, { ...this.order, seed }, 'ready'));
  }

  /** Waits for one to lead that is not in `except`. */
  async leader(except?: Child): Promise<Child> {
    return eventually(
      () => {
        const found = this.running.find((child) => child !== except && leads(child));
        if (!found) throw new Error('No relay leads.');
        return found;
      },
      { withinMs: 90_000 },
    );
  }

  follower(): Child | undefined {
    return this.running.find((child) => !leads(child));
  }

  /** Its successor starts while the others go on. */
  kill(child: Child): void {
    child.signal('SIGKILL');
    this.running.splice(this.running.indexOf(child), 1);
    const replacing = this.add();
    replacing.catch(() => undefined);
    this.replacing.push(replacing);
  }

  /** Rejects when a successor did not start. */
  async settle(): Promise<void> {
    await Promise.all(this.replacing);
  }

  record(what: string): void {
    this.faults.push({ atMs: Math.round(performance.now() - this.startedAt), what });
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.replacing);
    for (const child of this.running) child.signal('SIGKILL');
    await Promise.all(this.running.map((child) => child.ended()));
  }
}

const leads = (child: Child) =>
  child.lines().findLast((line) => line === 'leads' || line === 'follows') === 'leads';
