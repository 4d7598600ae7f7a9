import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SendSlots } from './send-slots.js';

const gatherMs = 20;

/** What was handed out so far. */
function wait(slots: SendSlots): { readonly given: number[] } {
  const given: number[] = [];
  void slots.free().then((free) => given.push(free));
  return { given };
}
const times = (count: number, run: () => void): void => {
  for (let n = 0; n < count; n += 1) run();
};

describe('slots of sends', () => {
  let slots: SendSlots;
  beforeEach(() => {
    jest.useFakeTimers();
    slots = new SendSlots(4, gatherMs);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are all free at first', async () => {
    expect(await slots.free()).toBe(4);
  });

  it('are free again with the last answer, before anything is recorded', async () => {
    times(4, () => {
      slots.take();
    });
    const { given } = wait(slots);
    times(3, () => {
      slots.answered();
    });
    await jest.advanceTimersByTimeAsync(gatherMs - 1);
    expect(given).toEqual([]);

    slots.answered();

    await jest.advanceTimersByTimeAsync(0);
    expect(given).toEqual([4]);
    expect(slots.inUse).toBe(4);
  });

  it('do not wait longer than that for a call that is slow', async () => {
    times(4, () => {
      slots.take();
    });
    const { given } = wait(slots);
    await jest.advanceTimersByTimeAsync(10 * gatherMs);
    expect(given).toEqual([]);

    times(2, () => {
      slots.answered();
    });
    await jest.advanceTimersByTimeAsync(gatherMs);

    expect(given).toEqual([2]);
  });

  it('wait for records when as many answers as slots are not recorded', async () => {
    times(2, () => {
      times(4, () => {
        slots.take();
      });
      times(4, () => {
        slots.answered();
      });
    });
    const { given } = wait(slots);
    await jest.advanceTimersByTimeAsync(10 * gatherMs);
    expect(given).toEqual([]);

    slots.recorded();
    await jest.advanceTimersByTimeAsync(gatherMs);

    expect(given).toEqual([1]);
  });

  it('give nothing to who waits when they close, nor to who asks later', async () => {
    slots.take();
    const { given } = wait(slots);

    slots.close();

    await jest.advanceTimersByTimeAsync(0);
    expect(given).toEqual([0]);
    expect(await slots.free()).toBe(0);
  });
});

/** Takes what is handed out, and answers and records in any order. */
const steps = fc.array(fc.constantFrom('take', 'answer', 'record', 'time'), { maxLength: 60 });

it('never hands out more than may be called at once, and always again once all is recorded', async () => {
  jest.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (most, walk) => {
      const slots = new SendSlots(most, gatherMs);
      const held = { calling: 0, unrecorded: 0, waits: false };
      const record = (): void => {
        held.unrecorded -= 1;
        slots.recorded();
      };
      const answer = (): void => {
        held.calling -= 1;
        held.unrecorded += 1;
        slots.answered();
      };
      const take = (): void => {
        held.waits = true;
        void slots.free().then((free) => {
          held.waits = false;
          expect(free).toBeGreaterThan(0);
          held.calling += free;
          times(free, () => {
            slots.take();
          });
          expect(held.calling).toBeLessThanOrEqual(most);
          expect(held.calling + held.unrecorded).toBeLessThanOrEqual(2 * most);
        });
      };
      for (const step of walk) {
        if (step === 'take' && !held.waits) take();
        if (step === 'answer' && held.calling > 0) answer();
        if (step === 'record' && held.unrecorded > 0) record();
        await jest.advanceTimersByTimeAsync(step === 'time' ? gatherMs : 0);
      }
      while (held.calling + held.unrecorded > 0 || held.waits) {
        if (held.calling > 0) answer();
        else if (held.unrecorded > 0) record();
        await jest.advanceTimersByTimeAsync(gatherMs);
      }
      expect(await slots.free()).toBe(most);
    }),
  );
  jest.useRealTimers();
});
