import type { Finder } from './anomaly.ts';

/** A message at another customer's address, or that speaks to somebody else. */
export const misdirected: Finder = ({ receipts, addresses }) =>
  receipts
    .filter(
      ({ customer, address, contentOf }) =>
        addresses[customer] !== address || contentOf !== customer,
    )
    .map(({ sendKey, customer, address, contentOf }) => ({
      kind: 'misdirected',
      what: `${sendKey} for ${customer} went to ${address} and spoke to ${contentOf}`,
    }));
