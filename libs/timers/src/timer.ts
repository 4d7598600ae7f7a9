/** A durable due time: something that must happen later, as a row. Unique by (`kind`, `key`). */
export interface NewTimer {
  readonly kind: string;
  /** What it is for, e.g. a customer or touch id. */
  readonly key: string;
  readonly dueAt: Date;
  /** Small JSON for the handler; no personal data. */
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface LeasedTimer extends Required<NewTimer> {
  readonly id: number;
}
