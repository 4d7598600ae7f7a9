import { describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { foldForecast, passBoundary, register, type CustomerState } from './customer-state.js';
import { aForecast, aTombstone, type ForecastEvent } from './events.builders.spec.js';

const customerId = newId();
const unknown: CustomerState = { customerId, erased: false };
const now = new Date('2026-03-02T10:00:00Z');

function fold(state: CustomerState, ...events: ForecastEvent[]): CustomerState {
  return events.reduce((before, event) => {
    const folded = foldForecast(before, event, 'Europe/Berlin', now);
    return folded.outcome === 'applied' ? folded.state : before;
  }, state);
}

describe('foldForecast', () => {
  it('moves the customer and says where to look again', () => {
    const folded = foldForecast(unknown, aForecast(customerId), 'Europe/Berlin', now);
    expect(folded).toMatchObject({
      outcome: 'applied',
      move: { to: { segment: 'regular', cause: 'purchase', sinceDay: '2026-03-02' } },
      boundary: '2026-07-01',
    });
  });

  it('is no move when the segment stays, but the numbers are the newest', () => {
    const state = fold(unknown, aForecast(customerId));
    const folded = foldForecast(
      state,
      aForecast(customerId, { purchaseCount: 6, cause: 'refit' }),
      'Europe/Berlin',
      now,
    );
    expect(folded).not.toHaveProperty('move');
    expect(folded).toMatchObject({
      state: { membership: { cause: 'purchase', inputs: { purchaseCount: 6 } } },
    });
  });

  it('ignores a forecast that is older, or that knew fewer purchase events', () => {
    const older = aForecast(customerId, { lostDay: '2026-01-01' });
    const newer = aForecast(customerId);
    const state = fold(unknown, newer);
    expect(foldForecast(state, older, 'Europe/Berlin', now)).toEqual({ outcome: 'superseded' });

    const behind = aForecast(customerId, {
      basedOn: { ...newer.data.basedOn, sequence: newer.data.basedOn.sequence - 1 },
    });
    expect(foldForecast(state, behind, 'Europe/Berlin', now)).toEqual({ outcome: 'superseded' });
  });

  it('ends in the same place whatever the order', () => {
    const first = aForecast(customerId, { purchaseCount: 1, newUntilDay: '2026-04-01' });
    const second = aForecast(customerId, { purchaseCount: 2 });
    const third = aForecast(customerId, { gapVariation: 0.7, pRegular: 0.1 });
    const inOrder = fold(unknown, first, second, third);
    expect(fold(unknown, third, first, second).membership?.segment).toBe('periodic');
    expect(fold(unknown, third, first, second).forecast).toEqual(inOrder.forecast);
  });

  it('makes no-purchase of a tombstone, and forgets the boundary', () => {
    const state = fold(unknown, aForecast(customerId));
    const folded = foldForecast(state, aTombstone(customerId), 'Europe/Berlin', now);
    expect(folded).toMatchObject({
      move: { from: 'regular', to: { segment: 'no-purchase', cause: 'correction' } },
    });
    expect(folded).not.toHaveProperty('boundary');
  });
});

describe('passBoundary', () => {
  it('makes a silent repeater lost on the day, by time', () => {
    const state = fold(unknown, aForecast(customerId));
    expect(passBoundary(state, '2026-07-01').move).toMatchObject({
      from: 'regular',
      to: { segment: 'lost', lostKind: 'lapsed', cause: 'time', sinceDay: '2026-07-01' },
    });
  });
});

describe('register', () => {
  it('leaves a customer alone whose purchases came first', () => {
    const state = fold(unknown, aForecast(customerId));
    expect(register(state, '2026-03-03')).toEqual({ state });
    expect(register(unknown, '2026-03-03').move?.to.segment).toBe('no-purchase');
  });
});
