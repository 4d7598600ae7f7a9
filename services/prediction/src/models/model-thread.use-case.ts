import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { purchaseCycle, runBacktest, weeklyDrift } from '@regulars/forecasting';
import { engine } from './engine.js';
import type { ThreadAnswer, ThreadOrder } from './model-threads.use-case.js';

// Linux has priorities of threads; elsewhere it would be the whole process that gives way.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

/** The body of the thread: one order after the other, progress where there is any, one answer to each. */
parentPort?.on('message', (order: ThreadOrder) => {
  try {
    say({ answer: answerTo(order) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    say({ failure: { message, ...(stack === undefined ? {} : { stack }) } });
  }
});

function answerTo(order: ThreadOrder): unknown {
  const { population, asOfDay } = order;
  if (order.kind === 'fit') return engine.fit(population, asOfDay, order.inUse);
  if (order.kind === 'drift') return weeklyDrift(order.inUse.company, population.company, asOfDay);
  return runBacktest(population.company, [purchaseCycle()], {
    onProgress: ({ done, of }) => {
      say({ progress: { done, of } });
    },
  });
}

function say(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}
