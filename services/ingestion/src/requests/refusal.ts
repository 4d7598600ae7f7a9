import type { FieldProblem } from '@regulars/http';

/** Every reason to refuse, with its title: the closed list of `regulars_ingest_rejected_total`. */
export const refusalTitles = {
  'invalid-request': 'The request is not valid',
  'no-identity': 'Nothing says who the customer is',
  'impossible-phone': 'No phone number can be like this',
  'impossible-email': 'No e-mail address can be like this',
  'impossible-date': 'There is no such date',
  'impossible-time': 'There is no such time',
  'unknown-customer': 'There is no such customer',
  'unknown-currency': 'There is no such currency',
  'unknown-time-zone': 'There is no such time zone',
  'negative-amount': 'The amount is negative',
  'time-in-future': 'The time lies in the future',
  'purchase-in-future': 'The purchase lies in the future',
  'purchase-before-1970': 'The purchase lies before 1970',
  'currency-differs': "The currency is not the purchase's",
  'product-not-in-purchase': 'The purchase has no such product',
  'purchase-differs': 'Another purchase has this key',
  'purchase-removed': 'The purchase was removed',
  'refund-differs': 'Another refund has this key',
  'refund-lines-differ': 'The amount and the lines of the refund differ',
  'refund-exceeds-purchase': 'The refund is more than is left',
  'no-such-purchase': 'There is no such purchase',
  'no-such-customer': 'There is no such customer',
  'not-recordable': 'The item could not be stored',
} as const;

export type RefusalReason = keyof typeof refusalTitles;
export const refusalReasons = Object.keys(refusalTitles) as readonly RefusalReason[];

/** An expected "no", before it becomes a problem document at the edge. */
export interface Refusal {
  readonly status: 400 | 404 | 409 | 422;
  readonly code: RefusalReason;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** Further members of the problem document: both versions of a purchase that differs. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** 422 about one field. */
export function impossibleAt(code: RefusalReason, pointer: string, message: string): Refusal {
  return { status: 422, code, detail: message, errors: [{ pointer, code, message }] };
}

/** Collects what is impossible in a well-formed body, so that one answer names everything. */
export class Impossibilities {
  private readonly found: { code: RefusalReason; pointer: string; message: string }[] = [];

  add(code: RefusalReason, pointer: string, message: string): void {
    this.found.push({ code, pointer, message });
  }

  get refusal(): Refusal | undefined {
    const [first] = this.found;
    if (!first) return undefined;
    return { status: 422, code: first.code, detail: first.message, errors: this.found };
  }
}
