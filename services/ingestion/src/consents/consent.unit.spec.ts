import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyStatements, type ConsentStatement } from './consent.js';

const now = new Date('2026-03-02T11:00:00Z');
const say = (state: 'granted' | 'withdrawn', changedAt?: Date): ConsentStatement => ({
  channel: 'email',
  purpose: 'marketing',
  state,
  ...(changedAt && { changedAt }),
});

describe('applyStatements', () => {
  it('keeps an undated repetition out: importing a file again changes nothing', () => {
    const first = applyStatements([], [say('granted')], now);
    const again = applyStatements(first.consents, [say('granted')], new Date(now.getTime() + 1));
    expect(again).toEqual({ consents: first.consents, proofs: [], changed: [] });
  });

  it('lets the withdrawal hold of two statements from the same moment', () => {
    for (const order of [
      [say('granted', now), say('withdrawn', now)],
      [say('withdrawn', now), say('granted', now)],
    ]) {
      expect(applyStatements([], order, now).consents).toMatchObject([{ state: 'withdrawn' }]);
    }
  });

  it('ends in the same state whatever the order of arrival', () => {
    const statement = fc
      .record({ granted: fc.boolean(), at: fc.integer({ min: 0, max: 5 }) })
      .map(({ granted, at }) => say(granted ? 'granted' : 'withdrawn', new Date(at)));
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), fc.nat(), (statements, turn) => {
        const at = turn % statements.length;
        const turned = [...statements.slice(at), ...statements.slice(0, at)].reverse();
        const one = applyStatements([], statements, now);
        const other = applyStatements([], turned, now);
        expect(other.consents).toEqual(one.consents);
      }),
    );
  });
});
