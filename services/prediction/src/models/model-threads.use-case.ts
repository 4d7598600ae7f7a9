import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { BacktestReport, Drift, Population } from '@regulars/forecasting';
import type { Progress } from './backtest-progress.js';
import type { Fit, Model } from './engine.js';

const SOURCE = /\/src\/models\/(?=model-threads\.use-case\.ts)/;
/** A thread takes half a second to start, and a fit in a small shop less: it is kept for the next order for a while. */
const KEPT_MS = 60_000;

export type ThreadOrder =
  | ({ readonly kind: 'backtest' } & Purchases)
  | ({ readonly kind: 'fit' | 'drift'; readonly inUse: Model } & Purchases);

export interface Purchases {
  readonly population: Population;
  /** Days since 1970-01-01. */
  readonly asOfDay: number;
}

export type ThreadAnswer =
  | { readonly progress: Progress }
  | { readonly answer: unknown }
  | { readonly failure: ThreadFailure };

interface ThreadFailure {
  readonly message: string;
  readonly stack?: string;
}

/** Fits and backtests in threads of their own: a minute of computing must not hold up events and requests. */
@Injectable()
export class ModelThreads implements OnApplicationShutdown {
  /** The body of the thread: the compiled one, also where tests run this file from its source. */
  entry = new URL('./model-thread.use-case.js', import.meta.url.replace(SOURCE, '/dist/models/'));
  private readonly workers = new Set<Worker>();
  private readonly resting = new Map<Worker, NodeJS.Timeout>();

  async fit(order: Purchases & { readonly inUse: Model }): Promise<Fit> {
    return (await this.run({ kind: 'fit', ...order })) as Fit;
  }

  /** @throws the thread's error, such as of a history that is too short */
  async backtest(
    order: Purchases,
    onProgress: (progress: Progress) => void,
  ): Promise<BacktestReport> {
    return (await this.run({ kind: 'backtest', ...order }, onProgress)) as BacktestReport;
  }

  async drift(order: Purchases & { readonly inUse: Model }): Promise<Drift> {
    return (await this.run({ kind: 'drift', ...order })) as Drift;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => this.end(worker)));
  }

  private async run(
    order: ThreadOrder,
    onProgress?: (progress: Progress) => void,
  ): Promise<unknown> {
    const worker = this.takeWorker();
    try {
      const answer = await answerOf(worker, order, onProgress);
      this.rest(worker);
      return answer;
    } catch (error) {
      await this.end(worker);
      throw error;
    }
  }

  private takeWorker(): Worker {
    for (const [worker, timer] of this.resting) {
      clearTimeout(timer);
      this.resting.delete(worker);
      worker.ref();
      return worker;
    }
    const worker = new Worker(this.entry);
    this.workers.add(worker);
    // One that dies while it rests must not be given an order.
    worker.once('exit', () => {
      this.forget(worker);
    });
    return worker;
  }

  private rest(worker: Worker): void {
    if (!this.workers.has(worker)) return;
    worker.unref();
    const timer = setTimeout(() => void this.end(worker), KEPT_MS).unref();
    this.resting.set(worker, timer);
  }

  private async end(worker: Worker): Promise<void> {
    this.forget(worker);
    await worker.terminate();
  }

  private forget(worker: Worker): void {
    clearTimeout(this.resting.get(worker));
    this.resting.delete(worker);
    this.workers.delete(worker);
  }
}

async function answerOf(
  worker: Worker,
  order: ThreadOrder,
  onProgress?: (progress: Progress) => void,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onMessage = (message: ThreadAnswer): void => {
    if ('progress' in message) onProgress?.(message.progress);
    else if ('answer' in message) resolve(message.answer);
    else reject(failureOf(message.failure));
  };
  const onExit = (code: number): void => {
    reject(new Error(`A model's thread ended with code ${String(code)} and no answer.`));
  };
  worker.on('message', onMessage).on('error', reject).on('exit', onExit);
  worker.postMessage(order);
  try {
    return await promise;
  } finally {
    worker.off('message', onMessage).off('error', reject).off('exit', onExit);
  }
}

/** An error of our own: what crosses from a thread is of another world's class. Its trace tells where it happened. */
function failureOf({ message, stack }: ThreadFailure): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
