import type { Anomaly, Finder } from './anomaly.ts';
import type { Effect } from './history.ts';

/**
 * An acknowledged operation that a consumer neither applied nor recorded, and an event ignored as old that was never
 * applied: being published after its successor is a way of being lost.
 */
export const lost: Finder = ({ operations, effects, expected }) => {
  const found: Anomaly[] = [];
  const known = new Set(effects.map(nameOf));
  const settled = new Set(effects.filter(({ outcome }) => outcome !== 'duplicate').map(nameOf));
  for (const [consumer, kinds] of Object.entries(expected.consumers)) {
    for (const { key, kind, end } of operations) {
      if (end !== 'ok' || !kinds.includes(kind)) continue;
      if (!known.has(nameOf({ consumer, key }))) {
        found.push({
          kind: 'lost',
          what: `${kind} ${key} was acknowledged and is not in ${consumer}`,
        });
      }
    }
  }
  for (const name of known) {
    if (!settled.has(name)) {
      found.push({ kind: 'lost', what: `${name} was ignored as old and never applied` });
    }
  }
  return found;
};

function nameOf({ consumer, key }: Pick<Effect, 'consumer' | 'key'>): string {
  return `${key} at ${consumer}`;
}
