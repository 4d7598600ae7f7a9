import { describe, expect, it } from '@jest/globals';
import { FatalConsumerError } from '../errors.js';
import { startPositions } from './start-positions.js';

const at = (offset: number) => ({ topic: 't', partition: 0, offset: BigInt(offset) });

/** One partition whose log holds 10 to 99. */
function start({ stored, committed }: { stored?: number; committed?: number }): bigint | undefined {
  const [position] = startPositions({
    assigned: [{ topic: 't', partition: 0 }],
    stored: stored === undefined ? [] : [at(stored)],
    committed: committed === undefined ? [] : [at(committed)],
    ranges: [{ ...at(100), start: 10n }],
  });
  return position?.offset;
}

describe('startPositions', () => {
  it('begins with the log where nothing is stored, whatever the broker says', () => {
    expect(start({})).toBe(10n);
    expect(start({ committed: 50 })).toBe(10n);
  });

  it('takes the stored offset where the broker is ahead of the data, or knows nothing', () => {
    expect(start({ stored: 40, committed: 60 })).toBe(40n);
    expect(start({ stored: 40 })).toBe(40n);
    expect(start({ stored: 100, committed: 100 })).toBe(100n);
  });

  it('reads again what somebody rewound the group to, as far as the log still has it', () => {
    expect(start({ stored: 40, committed: 20 })).toBe(20n);
    expect(start({ stored: 40, committed: 0 })).toBe(10n);
  });

  it.each([9, 101])('refuses to go on from %i, which the log does not have', (stored) => {
    expect(() => start({ stored })).toThrow(FatalConsumerError);
  });

  it('refuses a partition that the log does not have', () => {
    const assigned = [{ topic: 't', partition: 12 }];
    expect(() => startPositions({ assigned, stored: [], committed: [], ranges: [] })).toThrow(
      't[12] does not exist',
    );
  });
});
