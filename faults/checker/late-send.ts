import type { Anomaly, Finder } from './anomaly.ts';

/** A reservation under the customer's lock after an opt-out under the same lock. */
export const lateSend: Finder = ({ decisions }) => {
  const out = new Set<string>();
  const found: Anomaly[] = [];
  for (const { customer, what, sendKey } of decisions) {
    if (what === 'opted-out') out.add(customer);
    else if (what === 'opted-in') out.delete(customer);
    else if (out.has(customer)) {
      found.push({
        kind: 'late-send',
        what: `${sendKey ?? 'a send'} to ${customer} was reserved after the opt-out`,
      });
    }
  }
  return found;
};
