import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Api } from '../../e2e/house/api.ts';
import type { Operation } from '../checker/history.ts';
import type { Journal } from './journal.ts';
import { anOptOut, aPurchase, aRefund, nameOf, type Bought, type Request } from './operations.ts';
import type { Dice } from '@regulars/testing';
import { PATIENCE_MS } from './patience.ts';

export interface Load {
  readonly customers: number;
  /** Operations begun per second, however the house is. */
  readonly perSecond: number;
  /** Share of clients that leave an operation open at its first unclear answer: what became of it, nobody tells them. */
  readonly givesUp: number;
  /** Share of the purchases that are of today, and so are thanked for. */
  readonly ofToday: number;
}

/** An open model with a bound, so that a house that is away does not fill this process. */
const MOST_AT_ONCE = 40;

/** Shops at work: they post purchases, refunds and opt-outs, again with the same key where the answer was unclear. */
export class Clients {
  /** What was acknowledged, by kind. */
  readonly acknowledged = { purchase: 0, refund: 0, 'opt-out': 0 };
  private readonly running = new Set<Promise<void>>();
  private readonly bought: Bought[] = [];
  private readonly optedOut = new Set<string>();
  private nextOrder = 0;
  private ended = false;
  private begun: Promise<void> | undefined;
  private broken: unknown;

  constructor(
    private readonly api: Api,
    private readonly journal: Journal,
    private readonly random: Dice,
    private readonly load: Load,
  ) {}

  start(): void {
    this.begun = this.begin();
  }

  /** Begins nothing new and waits for what is under way; rejects when a client met what it never should. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.begun;
    await Promise.all(this.running);
    if (this.broken !== undefined) throw this.broken as Error;
  }

  private async begin(): Promise<void> {
    let due = performance.now();
    while (!this.ended && this.broken === undefined) {
      due += 1_000 / this.load.perSecond;
      await pause(Math.max(0, due - performance.now()));
      // What could not begin in time is left out, not made up for in a burst.
      due = Math.max(due, performance.now() - 200);
      if (this.running.size >= MOST_AT_ONCE) continue;
      const operation = this.run(this.choose())
        .catch((error: unknown) => {
          this.broken ??= error;
        })
        .finally(() => {
          this.running.delete(operation);
        });
      this.running.add(operation);
    }
  }

  private choose(): Request {
    const draw = this.random.roll();
    if (draw < 0.1) {
      const bought = this.bought.splice(this.random.below(this.bought.length), 1)[0];
      if (bought) return aRefund(bought, this.random);
    } else if (draw < 0.12 && this.optedOut.size < this.load.customers / 3) {
      const customer = nameOf(this.random.below(this.load.customers));
      if (!this.optedOut.has(customer)) {
        this.optedOut.add(customer);
        return anOptOut(customer);
      }
    }
    this.nextOrder += 1;
    return aPurchase(this.nextOrder, this.load, this.random);
  }

  private async run(request: Request): Promise<void> {
    const givesUp = this.random.roll() < this.load.givesUp;
    const deadline = performance.now() + PATIENCE_MS;
    for (let retries = 0; ; retries += 1) {
      const { end, answer } = await this.ask(request);
      if (end === 'ok') {
        this.acknowledged[request.kind] += 1;
        this.remember(request, answer);
        return;
      }
      if (end === 'fail' && answer?.status !== 429 && !wasShed(answer)) {
        throw new Error(`${request.key} was refused: ${JSON.stringify(answer)}`);
      }
      if (givesUp && end === 'info') return;
      if (performance.now() > deadline) throw new Error(`${request.key} was never answered.`);
      await pause(Math.min(100 * 2 ** retries, 1_000));
    }
  }

  /** One attempt. A 503 that does not say that it was shed may have had an effect: what we cannot tell is unclear. */
  private async ask(
    request: Request,
  ): Promise<{ end: Operation['end']; answer: Answer | undefined }> {
    const { key, kind, customer, path, body } = request;
    this.journal.invoke(key, customer);
    const startedAt = performance.now();
    const asked = await this.api
      .send('POST', path, body)
      .then((answer) => ({ answer, said: String(answer.status) }))
      .catch((error: unknown) => ({ answer: undefined, said: String(error) }));
    const end = endOf(asked.answer);
    this.journal.end({ key, kind, customer, end }, asked.said, performance.now() - startedAt);
    return { end, answer: asked.answer };
  }

  private remember({ kind, key, customer }: Request, answer: Answer | undefined): void {
    if (kind !== 'purchase') return;
    const { id } = answer?.body as { id: string };
    this.bought.push({ id, orderId: key, customer });
  }
}

export function endOf(answer: Answer | undefined): Operation['end'] {
  const status = answer?.status ?? 0;
  if (status >= 200 && status < 300) return 'ok';
  return (status >= 400 && status < 500) || wasShed(answer) ? 'fail' : 'info';
}

/** Refused before anything was done. */
export function wasShed(answer: Answer | undefined): boolean {
  return answer?.status === 503 && (answer.body as { code?: string }).code === 'overloaded';
}
