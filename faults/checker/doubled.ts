import { tally, type Anomaly, type Finder } from './anomaly.ts';

/** An operation applied twice by one consumer, and a message received twice that may leave at most once. */
export const doubled: Finder = ({ effects, receipts }) => {
  const applied = effects.filter(({ outcome }) => outcome === 'applied');
  const once = receipts.filter(({ policy }) => policy === 'at-most-once');
  return [
    ...moreThanOnce(
      tally(applied, ({ consumer, key }) => `${key} at ${consumer}`),
      'applied',
    ),
    ...moreThanOnce(
      tally(once, ({ sendKey }) => sendKey),
      'received',
    ),
  ];
};

function moreThanOnce(counts: ReadonlyMap<string, number>, how: string): Anomaly[] {
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => ({
      kind: 'doubled',
      what: `${name} was ${how} ${String(count)} times`,
    }));
}
