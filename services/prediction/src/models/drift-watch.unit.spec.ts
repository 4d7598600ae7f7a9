import { describe, expect, it, jest } from '@jest/globals';
import type { Logger } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { DriftWatch } from './drift-watch.use-case.js';
import type { ModelCatalog } from './model-catalog.use-case.js';
import type { ModelMetrics } from './model.metrics.js';
import type { ModelThreads } from './model-threads.use-case.js';
import type { Refits } from './refits.use-case.js';

/** A look that lasts until its thread is ended. */
function watchOfEndlessLook() {
  const { promise, reject } = Promise.withResolvers<undefined>();
  const end = (): void => {
    reject(new Error('The thread ended.'));
  };
  const threads = {
    onApplicationShutdown: () => {
      end();
      return Promise.resolve();
    },
  };
  const warn = jest.fn();
  const watch = new DriftWatch(
    {} as Database,
    {} as ModelCatalog,
    threads as unknown as ModelThreads,
    {} as Refits,
    {} as ModelMetrics,
    new QuiescenceProbes(),
    { warn } as unknown as Logger,
  );
  jest.spyOn(watch, 'look').mockReturnValue(promise);
  return { watch, end, warn };
}

describe('a look at drift in the background', () => {
  it('that fails is told', async () => {
    const { watch, end, warn } = watchOfEndlessLook();
    watch.begin('2026-07-01');
    end();
    await Promise.resolve();
    await Promise.resolve();

    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('that the shutdown cuts off is waited for, and is no failure', async () => {
    const { watch, warn } = watchOfEndlessLook();
    watch.begin('2026-07-01');
    await watch.onApplicationShutdown();

    expect(warn).not.toHaveBeenCalled();
  });
});
