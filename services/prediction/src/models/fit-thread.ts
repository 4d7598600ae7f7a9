import { parentPort, workerData } from 'node:worker_threads';
import { engine } from './engine.js';
import type { FitOrder } from './fit-threads.js';

/** The body of the thread: one order, one answer. */
const { population, asOfDay } = workerData as FitOrder;
parentPort?.postMessage(engine.fit(population, asOfDay));
