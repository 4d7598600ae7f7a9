import type { Finder } from './anomaly.ts';

/** An effect of what was refused, or of what nobody asked for; and a message without a reservation. */
export const phantom: Finder = ({ operations, effects, receipts, decisions }) => {
  const ends = new Map(operations.map(({ key, end }) => [key, end]));
  const reserved = new Set(decisions.map(({ sendKey }) => sendKey));
  return [
    ...effects.flatMap(({ key, consumer }) => {
      const end = ends.get(key);
      if (end === undefined) {
        return [{ kind: 'phantom' as const, what: `${key} at ${consumer} was never asked for` }];
      }
      return end === 'fail'
        ? [
            {
              kind: 'phantom' as const,
              what: `${key} was refused and had an effect at ${consumer}`,
            },
          ]
        : [];
    }),
    ...receipts
      .filter(({ sendKey }) => !reserved.has(sendKey))
      .map(({ sendKey }) => ({
        kind: 'phantom' as const,
        what: `${sendKey} was received and never reserved`,
      })),
  ];
};
