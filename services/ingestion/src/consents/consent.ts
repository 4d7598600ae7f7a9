import type { ConsentState } from '@regulars/contracts';

export const defaultPurpose = 'marketing';

/** What a customer said about one channel and purpose, with its proof. */
export interface ConsentStatement {
  readonly channel: ConsentState['channel'];
  readonly purpose: string;
  readonly state: ConsentState['state'];
  /** When it was said; undefined = now, and only if it is not so already. */
  readonly changedAt?: Date;
  readonly wording?: string;
  readonly evidence?: string;
}

/** The consent in force for one channel and purpose. */
export interface Consent {
  readonly channel: ConsentState['channel'];
  readonly purpose: string;
  readonly state: ConsentState['state'];
  readonly changedAt: Date;
}

export interface AppliedStatements {
  readonly consents: readonly Consent[];
  /** To be kept as proof: also those that came too late to be in force. */
  readonly proofs: readonly (ConsentStatement & { readonly changedAt: Date })[];
  readonly changed: readonly Consent[];
}

/**
 * The statements one after the other. The newer one holds, whatever the order of arrival; of two from the same moment
 * the withdrawal does. Repeating what holds already leaves everything as it was.
 */
export function applyStatements(
  current: readonly Consent[],
  statements: readonly ConsentStatement[],
  now: Date,
): AppliedStatements {
  const consents = new Map(current.map((consent) => [keyOf(consent), consent]));
  const changed = new Map<string, Consent>();
  const proofs: (ConsentStatement & { changedAt: Date })[] = [];
  for (const statement of statements) {
    const held = consents.get(keyOf(statement));
    if (repeats(statement, held)) continue;
    const changedAt = statement.changedAt ?? now;
    proofs.push({ ...statement, changedAt });
    if (held && !outweighs({ ...statement, changedAt }, held)) continue;
    const { channel, purpose, state } = statement;
    const consent: Consent = { channel, purpose, state, changedAt };
    consents.set(keyOf(consent), consent);
    changed.set(keyOf(consent), consent);
  }
  return { consents: [...consents.values()], proofs, changed: [...changed.values()] };
}

function repeats(statement: ConsentStatement, held: Consent | undefined): boolean {
  if (held?.state !== statement.state) return false;
  return (
    statement.changedAt === undefined || statement.changedAt.getTime() === held.changedAt.getTime()
  );
}

function outweighs(statement: ConsentStatement & { changedAt: Date }, held: Consent): boolean {
  const later = statement.changedAt.getTime() - held.changedAt.getTime();
  return later > 0 || (later === 0 && statement.state === 'withdrawn');
}

function keyOf({ channel, purpose }: Pick<Consent, 'channel' | 'purpose'>): string {
  return `${channel} ${purpose}`;
}

export function toConsentState({ channel, purpose, state, changedAt }: Consent): ConsentState {
  return { channel, purpose, state, changedAt: changedAt.toISOString() };
}
