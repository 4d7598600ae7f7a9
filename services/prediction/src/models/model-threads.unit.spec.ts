import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Population } from '@regulars/forecasting';
import { engine } from './engine.js';
import { ModelThreads } from './model-threads.use-case.js';

const nobody = {
  size: 0,
  offsets: new Uint32Array(1),
  days: new Int32Array(),
  spend: new Float64Array(),
};
const inUse = engine.builtInPrior;
const population: Population = { company: nobody, categories: new Map(), currencies: new Map() };
/** A body of the thread that answers with its number, and fails or dies on days before 1970. */
const body = `
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', ({ asOfDay }) => {
    if (asOfDay === -1) parentPort.postMessage({ failure: { message: 'no such day' } });
    else if (asOfDay < -1) process.exit(3);
    else parentPort.postMessage({ answer: threadId });
  });`;

describe('a thread for models', () => {
  let threads: ModelThreads;
  beforeEach(() => {
    threads = new ModelThreads();
    threads.entry = new URL(`data:text/javascript,${encodeURIComponent(body)}`);
  });
  afterEach(() => threads.onApplicationShutdown());

  const order = async (asOfDay = 0): Promise<unknown> =>
    threads.fit({ population, asOfDay, inUse });

  it('takes the next order too, and two at once are two threads', async () => {
    const first = await order();
    expect(await order()).toBe(first);

    const [a, b] = await Promise.all([order(), order()]);
    expect(new Set([a, b]).size).toBe(2);
  });

  it('is not used again after a failure', async () => {
    const first = await order();

    await expect(order(-1)).rejects.toThrow('no such day');

    expect(await order()).not.toBe(first);
  });

  it('that dies is told from one that answers', async () => {
    await expect(order(-2)).rejects.toThrow('ended with code 3');
    expect(await order()).toEqual(expect.any(Number));
  });

  it('answers nobody after the shutdown of the process', async () => {
    const stalled = new ModelThreads();
    stalled.entry = new URL('data:text/javascript,setInterval(() => {}, 1000)');
    const answer = expect(stalled.fit({ population, asOfDay: 0, inUse })).rejects.toThrow(
      'ended with code',
    );

    await stalled.onApplicationShutdown();

    await answer;
  });
});
