import { parentPort, workerData } from 'node:worker_threads';
import { purchaseCycle, runBacktest, weeklyDrift } from '@regulars/forecasting';
import { engine } from './engine.js';
import type { ThreadAnswer, ThreadOrder } from './model-threads.use-case.js';

/** The body of the thread: one order, progress where there is any, one answer. */
const order = workerData as ThreadOrder;
const say = (answer: ThreadAnswer): void => {
  parentPort?.postMessage(answer);
};

if (order.kind === 'fit') {
  say({ answer: engine.fit(order.population, order.asOfDay) });
} else if (order.kind === 'drift') {
  const { model, population, asOfDay } = order;
  say({ answer: weeklyDrift(model.company, population.company, asOfDay) });
} else {
  const { company } = order.population;
  const onProgress = ({ done, of }: { done: number; of: number }): void => {
    say({ progress: { done, of } });
  };
  say({ answer: runBacktest(company, [purchaseCycle()], { onProgress }) });
}
