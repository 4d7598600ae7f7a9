import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Population } from '@regulars/forecasting';
import type { Fit } from './engine.js';

export interface FitOrder {
  readonly population: Population;
  /** Days since 1970-01-01. */
  readonly asOfDay: number;
}

/** Fits in threads of their own: a minute of computing must not hold up events and requests. */
@Injectable()
export class FitThreads implements OnApplicationShutdown {
  /** The compiled body of the thread. */
  entry = new URL('./fit-thread.js', import.meta.url);
  private readonly workers = new Set<Worker>();

  async fit(order: FitOrder): Promise<Fit> {
    const worker = new Worker(this.entry, { workerData: order });
    this.workers.add(worker);
    try {
      return await new Promise<Fit>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', (code) => {
          reject(new Error(`The thread of a fit ended with code ${String(code)} and no answer.`));
        });
      });
    } finally {
      this.workers.delete(worker);
      await worker.terminate();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }
}
