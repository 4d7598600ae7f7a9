import { describe, expect, it } from '@jest/globals';
import { decideSegment, nextBoundary, noPurchases, type CycleFacts } from './decide-segment.js';

const repeater = (over: Partial<CycleFacts> = {}): CycleFacts => ({
  purchaseCount: 4,
  lastPurchaseDay: '2026-03-01',
  cycleDays: 30,
  pRegular: 0.9,
  pNoCycle: 0.01,
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
    ['six repeats and a belief at the limit', 7, 0.7, 'regular'],
    ['a belief under the limit', 7, 0.69, 'periodic'],
    ['three repeats, of which more is asked', 4, 0.84, 'periodic'],
    ['three repeats that are steady enough', 4, 0.85, 'regular'],
    ['two repeats, however steady', 3, 1, 'periodic'],
    ['a belief that nobody has', 7, undefined, 'periodic'],
  ])('with %s', (_, purchaseCount, pRegular, segment) => {
    const facts = repeater({ purchaseCount, pRegular });
    expect(decideSegment(facts, '2026-03-02')).toMatchObject({ segment });
  });

  it.each([
    ['three repeats and a belief at the limit', 4, 0.8, 'lost'],
    ['a belief under the limit', 4, 0.79, 'periodic'],
    ['two repeats, however random', 3, 1, 'periodic'],
  ])('that came by chance, with %s', (_, purchaseCount, pNoCycle, segment) => {
    const facts = repeater({ purchaseCount, pNoCycle, pRegular: 0 });
    expect(decideSegment(facts, '2026-03-02')).toMatchObject({ segment });
  });

  it('tells no cycle from one that has ended', () => {
    const facts = repeater({ pNoCycle: 1, pRegular: 0 });
    expect(decideSegment(facts, '2026-03-02')).toMatchObject({ lostKind: 'no-cycle' });
    expect(decideSegment(facts, '2026-07-01')).toMatchObject({ lostKind: 'lapsed' });
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
