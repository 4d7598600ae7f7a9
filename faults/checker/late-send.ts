import type { Anomaly, Finder } from './anomaly.ts';

/** A reservation under the customer's lock after an opt-out of its channel under the same lock. */
export const lateSend: Finder = ({ decisions }) => {
  const out = new Set<string>();
  const found: Anomaly[] = [];
  for (const { customer, what, channel = '', sendKey } of decisions) {
    const way = `${customer} ${channel}`;
    if (what === 'opted-out') out.add(way);
    else if (what === 'opted-in') out.delete(way);
    else if (out.has(way)) {
      found.push({
        kind: 'late-send',
        what: `${sendKey ?? 'a send'} to ${customer} was reserved after the opt-out`,
      });
    }
  }
  return found;
};
