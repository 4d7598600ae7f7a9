import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the answer once the condition neither throws nor is false', async () => {
    let asked = 0;
    const answer = await eventually(() => {
      asked += 1;
      if (asked === 1) throw new Error('not yet');
      return asked === 2 ? false : asked;
    });
    expect(answer).toBe(3);
  });

  it('reports the last error at the deadline', async () => {
    const never = eventually(() => expect(1).toBe(2), { withinMs: 20 });
    await expect(never).rejects.toThrow(/Not within 20 ms: .*toBe/);
  });
});
