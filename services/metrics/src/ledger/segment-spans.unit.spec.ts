import { describe, expect, it } from '@jest/globals';
import { unknownCustomer, type SegmentEvent } from './customer-history.js';
import { segmentBefore, segmentSpans } from './segment-spans.js';

const event = (
  sequence: number,
  day: string,
  series: SegmentEvent['series'],
  cause: SegmentEvent['cause'] = 'purchase',
): SegmentEvent => ({ epoch: 1, sequence, day, series, cause });
const customer = (segments: SegmentEvent[]) => ({ ...unknownCustomer('c'), segments });

describe('segmentSpans', () => {
  it('lets the newest event that holds by a day decide, in whatever order they came', () => {
    const segments = [
      event(3, '2026-03-01', 'periodic'),
      event(1, '2026-01-01', 'no-purchase', 'registered'),
      event(2, '2026-01-01', 'new'),
    ];
    expect(segmentSpans(customer(segments))).toEqual([
      { series: 'new', from: '2026-01-01', until: '2026-03-01' },
      { series: 'periodic', from: '2026-03-01', until: null },
    ]);
  });

  it('drops an older event that holds from a later day than its successor', () => {
    const segments = [event(1, '2026-03-02', 'lapsed', 'time'), event(2, '2026-03-01', 'periodic')];
    expect(segmentSpans(customer(segments))).toEqual([
      { series: 'periodic', from: '2026-03-01', until: null },
    ]);
  });

  it('ends with the customer', () => {
    const segments = [event(1, '2026-01-01', 'regular'), event(2, '2026-05-01', 'lapsed', 'time')];
    expect(segmentSpans({ ...customer(segments), erasedDay: '2026-04-01' })).toEqual([
      { series: 'regular', from: '2026-01-01', until: '2026-04-01' },
    ]);
  });
});

describe('segmentBefore', () => {
  const history = [
    event(1, '2026-01-01', 'new'),
    event(2, '2026-02-01', 'one-time', 'time'),
    event(3, '2026-02-01', 'periodic'),
  ];

  it('is where midnight left the customer, not where the purchase of the day moves it', () => {
    expect(segmentBefore(history, '2026-02-01')).toBe('one-time');
    expect(segmentBefore(history, '2026-02-02')).toBe('periodic');
  });

  it('is unknown before anything was known', () => {
    expect(segmentBefore(history, '2026-01-01')).toBeUndefined();
  });
});
