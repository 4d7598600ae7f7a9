import { err, isCurrency, ok, type Result } from '@regulars/kernel';
import { CliError } from '../cli/cli-error.js';
import { columnsOf, type FieldReader } from './columns.js';
import { readAmount, readTime, type DateOrder, type DecimalMark } from './read-cell.js';
import { RowKeys } from './row-key.js';
import type { ImportItem, RowReader } from './row.js';

export interface PurchaseRules {
  readonly source: string;
  /** For rows without a currency of their own; needed where the file has no such column. */
  readonly currency?: string;
  readonly dateOrder: DateOrder;
  readonly decimal: DecimalMark;
  readonly map: ReadonlyMap<string, string>;
  /** What is bought where no column says it; CDNOW sells CDs. */
  readonly productId?: string;
}

const CODE = /^[A-Za-z0-9._:/-]{1,64}$/;
// The order is part of the row keys: a new field goes to the end, and only where it is not empty.
const known = [
  'customer_id',
  'date',
  'amount',
  'order_id',
  'currency',
  'product_id',
  'category',
  'quantity',
  'phone',
  'email',
  'name',
];

/** Reads rows as purchases; one reader per file, since it counts equal rows. */
export function purchaseReader(columns: readonly string[], rules: PurchaseRules): RowReader {
  const { read, placeOf } = columnsOf(columns, rules.map, {
    known,
    required: ['date', 'amount'],
    oneOf: ['customer_id', 'phone', 'email'],
  });
  if (rules.currency === undefined && placeOf('currency') === undefined) {
    throw new CliError(
      'The file has no column currency. Name it with --currency EUR or REGULARS_CURRENCY.',
    );
  }
  const keys = new RowKeys();
  return {
    orderIdColumn: placeOf('order_id') ?? 'none',
    read({ cells, problem }) {
      const given = read(cells, 'order_id');
      if (given !== '' && !CODE.test(given)) {
        return err({ reason: 'order-id-not-a-code: letters, digits and ._:/- up to 64' });
      }
      const orderId = given === '' ? keys.next(fieldsOf(cells, read)) : given;
      const item = problem === undefined ? toItem(cells, read, orderId, rules) : err(problem);
      return item.ok ? item : err({ reason: item.error, orderId });
    },
  };
}

function fieldsOf(cells: readonly string[], read: FieldReader): string[] {
  const fields = known.map((field) => read(cells, field));
  return fields.slice(0, fields.findLastIndex((field) => field !== '') + 1);
}

function toItem(
  cells: readonly string[],
  read: FieldReader,
  orderId: string,
  rules: PurchaseRules,
): Result<ImportItem, string> {
  const customer = customerOf(cells, read, rules.source);
  if (!customer.ok) return customer;
  const time = readTime(read(cells, 'date'), rules.dateOrder);
  if (!time) return err('date-not-understood: 2026-03-14, or use --date-order dmy or mdy');
  const currency = read(cells, 'currency').toUpperCase() || (rules.currency ?? '');
  if (!isCurrency(currency)) return err('currency-unknown: an ISO 4217 code such as EUR');
  const amountMinor = readAmount(read(cells, 'amount'), currency, rules.decimal);
  if (amountMinor === undefined) return err('amount-not-understood: 12.50, or use --decimal comma');
  if (amountMinor < 0) return err('amount-negative: money given back is a refund, not a purchase');
  const line = lineOf(cells, read, amountMinor, rules);
  if (!line.ok) return line;

  const total = { amountMinor, currency };
  const body = {
    source: rules.source,
    orderId,
    customer: customer.value.body,
    ...time,
    total,
    ...(line.value && { lines: [line.value] }),
    imported: true,
  };
  return ok({ body, customerKey: customer.value.key, amount: total, orderId });
}

function customerOf(
  cells: readonly string[],
  read: FieldReader,
  source: string,
): Result<{ body: Record<string, string>; key: string }, string> {
  const [externalId, phone, email, name] = ['customer_id', 'phone', 'email', 'name'].map((field) =>
    read(cells, field),
  );
  if (!externalId && !phone && !email) return err('customer-missing');
  if (externalId && !CODE.test(externalId)) {
    return err('customer-id-not-a-code: letters, digits and ._:/- up to 64');
  }
  const body = {
    ...(externalId && { externalId, source }),
    ...(phone && { phone }),
    ...(email && { email }),
    ...(name && { name }),
  };
  return ok({ body, key: externalId || phone || email || '' });
}

function lineOf(
  cells: readonly string[],
  read: FieldReader,
  amountMinor: number,
  rules: PurchaseRules,
): Result<Record<string, unknown> | undefined, string> {
  const productId = read(cells, 'product_id') || rules.productId;
  if (productId === undefined) return ok(undefined);
  const category = read(cells, 'category');
  const quantity = Number(read(cells, 'quantity') || 1);
  if (!CODE.test(productId)) return err('product-id-not-a-code');
  if (category !== '' && !CODE.test(category)) return err('category-not-a-code');
  if (!(quantity > 0 && quantity <= 1e9)) return err('quantity-not-understood');
  return ok({ productId, ...(category && { category }), quantity, amountMinor });
}
