/** What happened in a simulated month: what the test did, and what the records of the product say. */
export interface Month {
  readonly people: ReadonlyMap<string, Person>;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly deeds: readonly Deed[];
  readonly touches: readonly Touch[];
  readonly sent: readonly Sent[];
}

export interface Person {
  readonly customerId: string;
  readonly zone: string;
}

export interface Campaign {
  readonly name: string;
  /** Local hour of each step, the first one first. */
  readonly hours: readonly number[];
}

/** What the test did, and when by the simulated clock; the product had taken it in before time went on. */
export type Deed = { readonly customerId: string; readonly at: Date } & (
  | { readonly kind: 'purchase'; readonly purchaseId: string; readonly day: string }
  | { readonly kind: 'later'; readonly touchId: string; readonly due: Date; readonly call: boolean }
  | { readonly kind: 'yes' | 'no' | 'stop'; readonly touchId: string }
  | { readonly kind: 'withdrew-email' }
  | { readonly kind: 'moved'; readonly zone: string }
);
export type DeedOf<K extends Deed['kind']> = Extract<Deed, { kind: K }>;

export interface Touch {
  readonly id: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly step: number;
  readonly cycle: string;
  readonly channel: string;
  readonly state: string;
  readonly reason: string;
  readonly dueAt: Date;
  readonly sentAt: Date | undefined;
  readonly history: readonly Change[];
}

export interface Change {
  readonly at: Date;
  readonly state: string;
  readonly reason: string;
  readonly until: Date | undefined;
}

/** One contact that a customer would have felt, as the log tells it. */
export interface Sent {
  readonly touchId: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly step: number;
  readonly cycle: string;
  readonly channel: string;
  readonly at: Date;
}

/** Stands behind agreed calls: their cycle is the agreement. */
export const conversations = '00000000-0000-7000-8000-000000000001';

export function deedsOf<K extends Deed['kind']>(
  { deeds }: Pick<Month, 'deeds'>,
  customerId: string,
  ...kinds: readonly K[]
): DeedOf<K>[] {
  return deeds.filter(
    (deed): deed is DeedOf<K> =>
      deed.customerId === customerId && kinds.some((kind) => kind === deed.kind),
  );
}

/** The zone in which the customer lives at that instant. */
export function zoneOf(month: Month, customerId: string, at: Date): string {
  const move = deedsOf(month, customerId, 'moved').findLast((deed) => deed.at <= at);
  return move?.zone ?? month.people.get(customerId)?.zone ?? 'UTC';
}

/** The day of the purchase that a ladder hangs on; undefined for an agreement. */
export function ladderDay(
  month: Month,
  { customerId, cycle }: { readonly customerId: string; readonly cycle: string },
): string | undefined {
  return deedsOf(month, customerId, 'purchase').find(({ purchaseId }) => purchaseId === cycle)?.day;
}
