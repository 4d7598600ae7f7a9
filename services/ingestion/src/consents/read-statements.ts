import type { ConsentItem } from '../requests/customer-request.js';
import { instantNotAhead } from '../requests/instant.js';
import type { Impossibilities } from '../requests/refusal.js';
import { defaultPurpose, type ConsentStatement } from './consent.js';

export function readStatements(
  items: readonly ConsentItem[],
  now: Date,
  problems: Impossibilities,
): ConsentStatement[] {
  return items.map((item, index) => {
    const pointer = `/consents/${String(index)}/changedAt`;
    const changedAt = instantNotAhead(item.changedAt, pointer, now, problems);
    return {
      channel: item.channel,
      purpose: item.purpose ?? defaultPurpose,
      state: item.state,
      ...(changedAt === undefined ? {} : { changedAt }),
      ...(item.wording === undefined ? {} : { wording: item.wording }),
      ...(item.evidence === undefined ? {} : { evidence: item.evidence }),
    };
  });
}
