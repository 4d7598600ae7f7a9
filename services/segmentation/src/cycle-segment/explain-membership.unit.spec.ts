import { describe, expect, it } from '@jest/globals';
import type { CycleFacts } from './decide-segment.js';
import { explainMembership } from './explain-membership.js';
import { decideMembership } from './membership.js';

const repeater: CycleFacts = {
  purchaseCount: 5,
  lastPurchaseDay: '2026-03-01',
  cycleDays: 30.4,
  gapVariation: 0.2,
  pRegular: 0.9,
  pNoCycle: 0.01,
  lostDay: '2026-07-01',
};

describe('the sentence of a decision', () => {
  it.each<[Partial<CycleFacts>, string, string]>([
    [
      {},
      '2026-03-10',
      'Regular: 5 purchase days, last 9 days ago, typical gap 30 d, gaps vary by 20 %: a steady cycle (chance that it is one 90 %, limit 80 %).',
    ],
    [
      { pRegular: 0.5 },
      '2026-03-10',
      'Periodic: 5 purchase days, last 9 days ago, typical gap 30 d, gaps vary by 20 %; too loose or too short a history to be called steady (chance that it is one 50 %, limit 80 %).',
    ],
    [
      { purchaseCount: 3 },
      '2026-03-10',
      'Periodic: 3 purchase days, last 9 days ago, typical gap 30 d, gaps vary by 20 %; regular needs 3 repeats.',
    ],
    [
      { pRegular: 0, pNoCycle: 0.85, gapVariation: 1.3 },
      '2026-03-10',
      'No cycle: 5 purchase days, last 9 days ago, at times that chance explains (chance of no cycle 85 %, limit 80 %).',
    ],
    [
      {},
      '2026-07-02',
      'Lost since 2026-07-02: 5 purchase days, last 123 days ago; silence is normal until 2026-07-01, typical gap 30 d.',
    ],
  ])('with %j on %s', (over, day, sentence) => {
    const { membership } = decideMembership(undefined, { ...repeater, ...over }, day, 'purchase');
    expect(explainMembership(membership, day)).toBe(sentence);
  });
});
