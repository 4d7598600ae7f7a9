import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '@regulars/kernel';
import {
  segmentSeries,
  touchOutcomes,
  unknownCustomer,
  type CustomerHistory,
} from '../ledger/customer-history.js';
import {
  withErasure,
  withMerge,
  withOrder,
  withSegment,
  withTouch,
} from '../ledger/fold-history.js';
import { difference, totalsChange, totalsOf, type Totals } from './totals.js';

type Fold = (history: CustomerHistory) => CustomerHistory | undefined;

const day = fc.integer({ min: 0, max: 40 }).map((days) => addDays('2026-01-01', days));
const instant = day.map((text) => new Date(`${text}T10:00:00Z`));
const position = fc.record({ epoch: fc.constant(1), sequence: fc.integer({ min: 1, max: 50 }) });

const fold: fc.Arbitrary<Fold> = fc.oneof(
  fc.tuple(fc.constantFrom('o1', 'o2', 'o3'), position, fc.option(day), instant, fc.nat(900)).map(
    ([key, { epoch, sequence: revision }, on, purchasedAt, totalMinor]): Fold =>
      (history) =>
        withOrder(history, {
          ...{ key, epoch, revision, day: on, purchasedAt, totalMinor },
          currency: 'EUR',
        }),
  ),
  fc.tuple(position, day, fc.constantFrom(...segmentSeries)).map(
    ([at, from, series]): Fold =>
      (history) =>
        withSegment(history, { ...at, day: from, series, cause: 'purchase' }),
  ),
  fc
    .tuple(position, fc.constantFrom('t1', 't2'), day, fc.option(instant))
    .chain(([at, touchId, on, reachedAt]) =>
      fc.constantFrom(...touchOutcomes).map(
        (outcome): Fold =>
          (history) =>
            withTouch(history, {
              ...{ ...at, touchId, day: on, reachedAt, outcome },
              ...{ channel: 'email', campaignId: 'campaign', detail: '' },
            }),
      ),
    ),
  day.map(
    (on): Fold =>
      (history) =>
        withErasure(history, on),
  ),
  fc.tuple(fc.option(day), position).map(
    ([on, at]): Fold =>
      (history) =>
        withMerge(history, on, at),
  ),
);

const after = (history: CustomerHistory, folds: readonly Fold[]): CustomerHistory =>
  folds.reduce((held, next) => next(held) ?? held, history);

it('changes the totals by what the customers add to them after, less what they added before', () => {
  const change = fc
    .tuple(fc.array(fold, { maxLength: 8 }), fc.array(fold, { maxLength: 3 }))
    .map(([past, news]) => {
      const before = after(unknownCustomer('c'), past);
      return { before, after: after(before, news) };
    });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
      const whole = difference(
        totalsOf(changes.map((one) => one.after)),
        totalsOf(changes.map((one) => one.before)),
      );
      expect(shown(totalsChange(changes))).toEqual(shown(whole));
    }),
  );
});

/** A difference of nothing may be minus zero. */
const shown = (totals: Totals) =>
  Object.values(totals).map((tally: Totals['touches']) =>
    tally.entries().map(({ key, counters }) => [key, counters.map((count) => count + 0)]),
  );
