import { isCurrency } from '@regulars/kernel';
import type { Impossibilities } from '../requests/refusal.js';

interface MoneyFields {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Adds to `problems` what no money can be. */
export function judgeMoney(money: MoneyFields, pointer: string, problems: Impossibilities): void {
  judgeAmount(money.amountMinor, `${pointer}/amountMinor`, problems);
  if (!isCurrency(money.currency)) {
    problems.add(
      'unknown-currency',
      `${pointer}/currency`,
      'Use an ISO 4217 code in upper case, such as "EUR".',
    );
  }
}

export function judgeAmount(amountMinor: number, pointer: string, problems: Impossibilities): void {
  if (amountMinor >= 0) return;
  problems.add(
    'negative-amount',
    pointer,
    'Amounts are not negative. Money given back is a refund: POST /v1/purchases/{id}/refunds.',
  );
}
