import type { Finder } from './anomaly.ts';

/** An effect of what was refused, or of what nobody asked for; and a message without a reservation. */
export const phantom: Finder = ({ operations, effects, receipts, decisions }) => {
  // Asked again after an unclear answer, an operation may be refused at last and have had its effect at first.
  const refused = new Map<string, boolean>();
  for (const { key, end } of operations)
    refused.set(key, end === 'fail' && refused.get(key) !== false);
  const reserved = new Set(decisions.map(({ sendKey }) => sendKey));
  return [
    ...effects.flatMap(({ key, consumer }) => {
      const certainlyNot = refused.get(key);
      if (certainlyNot === undefined) {
        return [{ kind: 'phantom' as const, what: `${key} at ${consumer} was never asked for` }];
      }
      return certainlyNot
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
