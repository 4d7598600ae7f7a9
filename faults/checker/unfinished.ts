import type { Finder } from './anomaly.ts';

/** What is still pending when the time to drain is over. */
export const stuck: Finder = ({ effects }) =>
  effects
    .filter(({ outcome }) => outcome === 'pending')
    .map(({ key, consumer }) => ({
      kind: 'stuck',
      what: `${key} is still pending at ${consumer}`,
    }));

/** A sum that does not balance: something went without a record, or has two. */
export const gap: Finder = ({ sums }) =>
  sums
    .filter(({ left, right }) => left !== right)
    .map(({ name, left, right }) => ({
      kind: 'gap',
      what: `${name}: ${String(left)} is not ${String(right)}`,
    }));

/** Two states that should be one. */
export const differs: Finder = ({ dumps }) =>
  dumps
    .filter(({ one, other }) => one !== other)
    .map(({ name, one, other }) => ({ kind: 'differs', what: `${name}: ${one} and ${other}` }));
