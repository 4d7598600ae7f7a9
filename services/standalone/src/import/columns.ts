import { CliError } from '../cli/cli-error.js';

/** Reads a row by field names, whatever the columns are called and wherever they stand. */
export type FieldReader = (cells: readonly string[], field: string) => string;

export interface ColumnRules {
  /** Every field that the import understands. */
  readonly known: readonly string[];
  readonly required: readonly string[];
  /** One of these must be there. */
  readonly oneOf: readonly string[];
}

/**
 * Finds the column of every field: named with `--map field=column`, else the one called like the field (case,
 * blanks and hyphens do not count).
 */
export function columnsOf(
  columns: readonly string[],
  map: ReadonlyMap<string, string>,
  rules: ColumnRules,
): { read: FieldReader; placeOf: (field: string) => number | undefined } {
  const byName = new Map(columns.map((name, index) => [normal(name), index]));
  const places = new Map<string, number>();
  for (const field of rules.known) {
    const wanted = map.get(field);
    const place = byName.get(normal(wanted ?? field));
    if (wanted !== undefined && place === undefined) throw missing(`"${wanted}"`, columns);
    if (place !== undefined) places.set(field, place);
  }
  for (const field of map.keys()) {
    if (!rules.known.includes(field)) {
      throw new CliError(`--map knows no field "${field}"; it knows ${rules.known.join(', ')}.`);
    }
  }
  for (const field of rules.required) if (!places.has(field)) throw missing(field, columns);
  if (!rules.oneOf.some((field) => places.has(field))) {
    throw missing(rules.oneOf.join(' or '), columns);
  }
  return {
    placeOf: (field) => places.get(field),
    read: (cells, field) => {
      const place = places.get(field);
      return place === undefined ? '' : (cells[place] ?? '').trim();
    },
  };
}

function normal(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function missing(what: string, columns: readonly string[]): CliError {
  const found = columns.slice(0, 30).join(', ');
  return new CliError(
    `The file has no column ${what}. It has: ${found}. Name the right one, for example --map date=order_date.`,
  );
}
