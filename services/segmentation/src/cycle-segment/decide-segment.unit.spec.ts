import { describe, expect, it } from '@jest/globals';
import { decideSegment, nextBoundary, noPurchases, type CycleFacts } from './decide-segment.js';

const repeater = (over: Partial<CycleFacts> = {}): CycleFacts => ({
  purchaseCount: 4,
  lastPurchaseDay: '2026-03-01',
  cycleDays: 30,
  gapVariation: 0.2,
  lostDay: '2026-07-01',
  ...over,
});
const beginner = (over: Partial<CycleFacts> = {}): CycleFacts => ({
  purchaseCount: 1,
  lastPurchaseDay: '2026-03-01',
  newUntilDay: '2026-04-10',
  lostDay: '2026-09-01',
  ...over,
});

describe('decideSegment', () => {
  it('calls one who has not bought no-purchase', () => {
    expect(decideSegment(noPurchases, '2026-03-01')).toEqual({
      segment: 'no-purchase',
      rule: 'no-purchase',
    });
  });

  it.each([
    ['2026-03-01', 'new'],
    ['2026-04-09', 'new'],
    ['2026-04-10', 'one-time'],
    // Past lostDay too: a single purchase never was a cycle that could be lost.
    ['2026-12-01', 'one-time'],
  ])('calls a single purchase on %s %s', (day, segment) => {
    expect(decideSegment(beginner(), day)).toMatchObject({ segment });
  });

  it.each([
    ['2026-06-30', 'regular'],
    ['2026-07-01', 'lost'],
  ])('calls a steady repeater on %s %s', (day, segment) => {
    expect(decideSegment(repeater(), day)).toMatchObject({ segment });
  });

  it('says that silence made it lost', () => {
    expect(decideSegment(repeater(), '2026-07-01')).toEqual({
      segment: 'lost',
      lostKind: 'lapsed',
      rule: 'past-lost-day',
    });
  });

  it.each([
    ['three repeats and a variation just under the limit', 4, 0.579, 'regular'],
    ['a variation on the limit', 4, 0.58, 'periodic'],
    ['two repeats, however steady', 3, 0, 'periodic'],
    ['a variation that nobody knows', 4, undefined, 'periodic'],
  ])('with %s', (_, purchaseCount, gapVariation, segment) => {
    const facts = repeater({ purchaseCount, gapVariation });
    expect(decideSegment(facts, '2026-03-02')).toMatchObject({ segment });
  });
});

describe('nextBoundary', () => {
  it('is the end of new for a single purchase, and nothing after it', () => {
    expect(nextBoundary(beginner(), '2026-03-01')).toBe('2026-04-10');
    expect(nextBoundary(beginner(), '2026-04-10')).toBeUndefined();
  });

  it('is lostDay for a repeater, and nothing from that day on', () => {
    expect(nextBoundary(repeater(), '2026-06-30')).toBe('2026-07-01');
    expect(nextBoundary(repeater(), '2026-07-01')).toBeUndefined();
    expect(nextBoundary(repeater({ lostDay: undefined }), '2026-06-30')).toBeUndefined();
  });
});
