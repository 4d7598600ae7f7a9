import type { Channel } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import type { CustomerFacts } from './judge-touch.js';

/** Facts for the verdict, and what a template may say. */
export interface KnownCustomer extends Omit<CustomerFacts, 'touchedAt'> {
  /** What counts against the cap. */
  readonly touched: readonly { readonly touchId: string; readonly at: Date }[];
  readonly id: string;
  readonly erased: boolean;
  readonly name?: string;
  readonly email?: string;
  readonly preferredChannel?: Channel;
  readonly dueDay?: Day;
  readonly cycleDays?: number;
  readonly lastPurchaseDay?: Day;
}
