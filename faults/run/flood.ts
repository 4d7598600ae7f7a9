import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Api } from '../../e2e/house/api.ts';
import { endOf, wasShed } from './clients.ts';
import type { Journal } from './journal.ts';
import type { Request } from './operations.ts';

/** What became of the arrivals of one phase. */
export interface Tally {
  readonly arrivals: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Neither: time-outs, resets, other errors. */
  readonly unclear: number;
  /** Acknowledged, per second in which there were arrivals. */
  readonly goodput: number;
  /** Arrivals that the generator began over 50 ms late. */
  readonly late: number;
  /** Of the acknowledged, 99 % took at most so long from the moment at which they were due. */
  readonly p99Ms: number;
}

const TIMEOUT_MS = 30_000;
/** As before a load balancer: connections stand. A busy Node process accepts one new one per turn of its event loop. */
const CONNECTIONS = 1_000;
const LATE_MS = 50;

/** Requests without end, each asked for once. The clients of a run are beside them and ask again. */
export class Flood {
  private readonly agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS,
    maxFreeSockets: CONNECTIONS,
  });
  private sent = 0;

  constructor(
    private readonly api: Api,
    private readonly journal: Journal,
    private readonly next: (index: number) => Request,
  ) {}

  /** Makes all connections, while nobody needs them yet. */
  async connect(): Promise<void> {
    const answers = Array.from({ length: CONNECTIONS }, () => this.ask('GET', '/health/live'));
    await Promise.all(answers);
  }

  /** So many callers who wait for their answer and then call again: what comes through is the capacity. */
  closed(callers: number, goesOn: () => boolean): Promise<Tally> {
    return this.counted(async (call) => {
      const one = async (): Promise<void> => {
        do await call(performance.now());
        while (goesOn());
      };
      await Promise.all(Array.from({ length: callers }, one));
      return performance.now();
    });
  }

  /** Arrivals at a fixed rate, whether answers return or not. */
  open(perSecond: number, goesOn: () => boolean): Promise<Tally> {
    return this.counted(async (call) => {
      const startedAt = performance.now();
      const running: Promise<void>[] = [];
      while (goesOn()) {
        const dueAt = startedAt + (1_000 * running.length) / perSecond;
        while (performance.now() < dueAt) await pause(1);
        running.push(call(dueAt));
      }
      const endedAt = performance.now();
      await Promise.all(running);
      return endedAt;
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** `phase` answers when its last arrival was. */
  private async counted(
    phase: (call: (dueAt: number) => Promise<void>) => Promise<number>,
  ): Promise<Tally> {
    const tally = { arrivals: 0, acknowledged: 0, refused: 0, unclear: 0, late: 0 };
    const took: number[] = [];
    const startedAt = performance.now();
    const endedAt = await phase(async (dueAt) => {
      tally.arrivals += 1;
      if (performance.now() - dueAt > LATE_MS) tally.late += 1;
      const answer = await this.call();
      if (endOf(answer) === 'ok') {
        tally.acknowledged += 1;
        took.push(performance.now() - dueAt);
      } else if (wasShed(answer)) tally.refused += 1;
      else tally.unclear += 1;
    });
    const goodput = (1_000 * tally.acknowledged) / (endedAt - startedAt);
    const p99Ms = took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Infinity;
    return { ...tally, goodput, p99Ms };
  }

  private async call(): Promise<Answer | undefined> {
    const { key, kind, customer, path, body } = this.next(this.sent);
    this.sent += 1;
    this.journal.invoke(key, customer);
    const startedAt = performance.now();
    const answer = await this.ask('POST', path, JSON.stringify(body)).catch(() => undefined);
    const tookMs = performance.now() - startedAt;
    const said = String(answer?.status ?? 'no answer');
    this.journal.end({ key, kind, customer, end: endOf(answer) }, said, tookMs);
    return answer;
  }

  /** By connections that stay: `fetch` would cost this process more than the answer costs the house. */
  private ask(method: string, path: string, payload = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.api.address), {
        agent: this.agent,
        method,
        timeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${this.api.key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        },
      });
      sent.once('timeout', () => sent.destroy(new Error('timed out')));
      sent.once('error', reject);
      sent.once('response', (answer) => {
        text(answer).then((said) => {
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(said) as unknown });
        }, reject);
      });
      sent.end(payload);
    });
  }
}

/** For so long from its first question on. */
export function during(ms: number): () => boolean {
  let until: number | undefined;
  return () => performance.now() < (until ??= performance.now() + ms);
}

/** A phase in one line, for whoever reads the run. */
export function tell(phase: string, tally: Tally): void {
  const { arrivals, acknowledged, refused, unclear, goodput, late, p99Ms } = tally;
  process.stderr.write(
    `${phase}: ${String(arrivals)} arrivals, ${String(acknowledged)} taken (${goodput.toFixed(0)} per second), ` +
      `${String(refused)} refused, ${String(unclear)} unclear, ${String(late)} late; p99 ${p99Ms.toFixed(0)} ms\n`,
  );
}
