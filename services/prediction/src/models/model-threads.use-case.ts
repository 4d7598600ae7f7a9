import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { BacktestReport, Drift, Population } from '@regulars/forecasting';
import type { Progress } from './backtest-progress.js';
import type { Fit, Model } from './engine.js';

const SOURCE = /\/src\/models\/(?=model-threads\.use-case\.ts)/;

export type ThreadOrder =
  | ({ readonly kind: 'fit' | 'backtest' } & Purchases)
  | ({ readonly kind: 'drift'; readonly model: Model } & Purchases);

export interface Purchases {
  readonly population: Population;
  /** Days since 1970-01-01. */
  readonly asOfDay: number;
}

export type ThreadAnswer = { readonly progress: Progress } | { readonly answer: unknown };

/** Fits and backtests in threads of their own: a minute of computing must not hold up events and requests. */
@Injectable()
export class ModelThreads implements OnApplicationShutdown {
  /** The body of the thread: the compiled one, also where tests run this file from its source. */
  entry = new URL('./model-thread.use-case.js', import.meta.url.replace(SOURCE, '/dist/models/'));
  private readonly workers = new Set<Worker>();

  async fit(order: Purchases): Promise<Fit> {
    return (await this.run({ kind: 'fit', ...order })) as Fit;
  }

  /** @throws the thread's error, such as of a history that is too short */
  async backtest(
    order: Purchases,
    onProgress: (progress: Progress) => void,
  ): Promise<BacktestReport> {
    return (await this.run({ kind: 'backtest', ...order }, onProgress)) as BacktestReport;
  }

  async drift(order: Purchases & { readonly model: Model }): Promise<Drift> {
    return (await this.run({ kind: 'drift', ...order })) as Drift;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }

  private async run(
    order: ThreadOrder,
    onProgress?: (progress: Progress) => void,
  ): Promise<unknown> {
    const worker = new Worker(this.entry, { workerData: order });
    this.workers.add(worker);
    try {
      return await new Promise((resolve, reject) => {
        worker.on('message', (message: ThreadAnswer) => {
          if ('answer' in message) resolve(message.answer);
          else onProgress?.(message.progress);
        });
        worker.once('error', reject);
        worker.once('exit', (code) => {
          reject(new Error(`A model's thread ended with code ${String(code)} and no answer.`));
        });
      });
    } finally {
      this.workers.delete(worker);
      await worker.terminate();
    }
  }
}
