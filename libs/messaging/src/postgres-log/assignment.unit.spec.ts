import { describe, expect, it } from '@jest/globals';
import { FatalConsumerError } from '../errors.js';
import { startingPoints } from './assignment.js';

const topic = { id: 1, name: 't', partitions: 1, compact: false, maxMessageBytes: 100 };
const at = { topic: 't', partition: 0 };

/** Where one partition that holds offsets 10 to 99 begins. */
function start(stored?: bigint, committed?: bigint): bigint | undefined {
  const offsets = (offset?: bigint) => (offset === undefined ? [] : [{ ...at, offset }]);
  const [first] = startingPoints({
    topics: new Map([['t', topic]]),
    ranges: [{ ...at, topicId: 1, start: 10n, end: 100n }],
    committed: offsets(committed),
    stored: offsets(stored),
  });
  return first?.position;
}

describe('startingPoints', () => {
  it('begins at the beginning without a stored offset, whatever the group says', () => {
    expect(start()).toBe(10n);
    expect(start(undefined, 50n)).toBe(10n);
  });

  it('begins at the stored offset when the group is ahead, level or unknown', () => {
    expect(start(40n, 70n)).toBe(40n);
    expect(start(40n, 40n)).toBe(40n);
    expect(start(40n)).toBe(40n);
    expect(start(100n, 100n)).toBe(100n);
  });

  it('goes back with a group that was set back, as far as the log reaches', () => {
    expect(start(40n, 20n)).toBe(20n);
    expect(start(40n, 0n)).toBe(10n);
  });

  it.each([9n, 101n])('refuses the stored offset %p outside the log', (stored) => {
    expect(() => start(stored)).toThrow(FatalConsumerError);
  });
});
