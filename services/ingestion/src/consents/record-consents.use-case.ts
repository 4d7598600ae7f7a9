import type { Cause, NewEvent } from '@regulars/contracts';
import type { Transaction } from '@regulars/persistence';
import { envelope } from '../customers/customer-events.js';
import { applyStatements, toConsentState, type Consent, type ConsentStatement } from './consent.js';
import { consentStore } from './consent.store.js';

/** What one customer said, in order. */
export interface CustomerStatements {
  readonly customerId: string;
  readonly statements: readonly ConsentStatement[];
  readonly cause?: Cause | undefined;
  /** The suppression of campaigns that this settles; it is answered even when nothing changes. */
  readonly settlesStop?: string | undefined;
}

export interface RecordedConsents {
  /** By entry: whether it changed a consent in force. */
  readonly changed: readonly boolean[];
  readonly events: readonly NewEvent[];
}

/** Keeps the proofs and the consents in force. The customers are locked by the caller; the events are for its outbox. */
export async function recordConsents(
  entries: readonly CustomerStatements[],
  origin: 'api' | 'stop',
  tx: Transaction,
): Promise<RecordedConsents> {
  const now = tx.clock.now();
  const ids = [...new Set(entries.map(({ customerId }) => customerId))];
  const held = await consentStore(tx).ofCustomers(ids);
  const events: NewEvent[] = [];
  const applied = entries.map((entry) => {
    const { customerId, statements, settlesStop } = entry;
    const outcome = applyStatements(held.get(customerId) ?? [], statements, now);
    held.set(customerId, [...outcome.consents]);
    if (outcome.changed.length > 0 || settlesStop !== undefined) {
      events.push(consentChanged(entry, outcome.consents, now));
    }
    return { customerId, ...outcome };
  });

  await consentStore(tx).addProofs(
    applied.flatMap(({ customerId, proofs }) => proofs.map((proof) => ({ ...proof, customerId }))),
    { origin, recordedAt: now },
  );
  const touched = new Set(
    applied.filter(({ changed }) => changed.length > 0).map(({ customerId }) => customerId),
  );
  await consentStore(tx).saveMany(
    [...touched].flatMap((customerId) =>
      (held.get(customerId) ?? []).map((consent) => ({ ...consent, customerId })),
    ),
  );
  return { changed: applied.map(({ changed }) => changed.length > 0), events };
}

function consentChanged(
  { customerId, cause, settlesStop }: CustomerStatements,
  consents: readonly Consent[],
  occurredAt: Date,
): NewEvent {
  return {
    stream: 'customer',
    type: 'ConsentChanged',
    ...envelope(customerId, { occurredAt, cause }),
    data: {
      customerId,
      consents: consents.map(toConsentState),
      ...(settlesStop === undefined ? {} : { settlesStop }),
    },
  };
}
