import { PurchaseFileError } from './purchase-file-error.js';

export const purchaseFields = ['customer_id', 'date', 'amount', 'category'] as const;
export type PurchaseField = (typeof purchaseFields)[number];

/** Where the fields stand in a row. */
export type ColumnPlaces = Readonly<Record<Exclude<PurchaseField, 'category'>, number>> & {
  readonly category?: number;
};

/** The column named in `map`, else the one called like the field (case, blanks and hyphens do not count). */
export function columnPlaces(
  header: readonly string[],
  map: ReadonlyMap<string, string>,
): ColumnPlaces {
  for (const field of map.keys()) {
    if (!purchaseFields.some((known) => known === field)) {
      throw new PurchaseFileError(
        `There is no field "${field}" to map; there are ${purchaseFields.join(', ')}.`,
      );
    }
  }
  const places = new Map(header.map((name, place) => [normal(name), place]));
  const find = (field: PurchaseField): number | undefined =>
    places.get(normal(map.get(field) ?? field));
  const need = (field: PurchaseField): number => find(field) ?? missing(field, header, map);
  const category = map.has('category') ? need('category') : find('category');
  return {
    customer_id: need('customer_id'),
    date: need('date'),
    amount: need('amount'),
    ...(category !== undefined && { category }),
  };
}

function normal(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function missing(
  field: PurchaseField,
  header: readonly string[],
  map: ReadonlyMap<string, string>,
): never {
  throw new PurchaseFileError(
    `The file has no column ${map.get(field) ?? field}. It has: ${header.slice(0, 30).join(', ')}. ` +
      `Name the right one, for example --map ${field}=order_${field}.`,
  );
}
