import type { Api } from './api.ts';

/** What the API answers about everybody, without what every house makes up by itself: internal ids. */
export interface Picture {
  readonly forecasts: ReadonlyMap<string, Record<string, unknown>>;
  readonly segments: ReadonlyMap<string, Record<string, unknown>>;
  /** A few customers in all detail: forecasts with explanation, segments with purchases. */
  readonly details: ReadonlyMap<string, readonly unknown[]>;
  readonly reports: Readonly<Record<string, unknown>>;
}

interface Customer {
  readonly id: string;
  readonly externalIds: readonly { readonly source: string; readonly id: string }[];
}
type Row = Record<string, unknown> & { readonly customerId: string };

const segmentNames = ['regular', 'periodic', 'one-time', 'lost', 'new', 'no-purchase'];
const inDetail = 25;

/** Takes the picture of a house whose clock stands; `from` is the first day of the reports. */
export async function takePicture(api: Api, from: string): Promise<Picture> {
  const customers = await api.all<Customer>('/v1/customers');
  const names = new Map(customers.map(({ id, externalIds }) => [id, externalIds[0]?.id ?? id]));
  const segments: Row[] = [];
  for (const name of segmentNames) {
    segments.push(...(await api.all<Row>(`/v1/segments/${name}/customers`)));
  }
  const byName = customers.toSorted((a, b) =>
    (names.get(a.id) ?? '').localeCompare(names.get(b.id) ?? ''),
  );
  const details = new Map<string, unknown[]>();
  for (const [index, { id }] of byName.entries()) {
    if (index % inDetail !== 0) continue;
    const forecast = await api.get<Row>(`/v1/forecasts/${id}`);
    const { history: _, ...segment } = await api.get<Row>(`/v1/segments/customers/${id}`);
    details.set(names.get(id) ?? id, [nameless(forecast), nameless(segment)]);
  }
  return {
    forecasts: byExternalId(await api.all<Row>('/v1/forecasts'), names),
    segments: byExternalId(segments, names),
    details,
    reports: await readReports(api, from),
  };
}

function byExternalId(
  rows: readonly Row[],
  names: ReadonlyMap<string, string>,
): Map<string, Record<string, unknown>> {
  const named = rows.map(
    (row) => [names.get(row.customerId) ?? row.customerId, nameless(row)] as const,
  );
  return new Map(named.toSorted(([a], [b]) => a.localeCompare(b)));
}

/**
 * Without the internal id, and without what moved the customer last: the model is fitted anew while an import runs, and
 * how many purchases were in by then differs from run to run.
 */
function nameless({ customerId: _, cause: __, ...row }: Row): Record<string, unknown> {
  return row;
}

async function readReports(api: Api, from: string): Promise<Record<string, unknown>> {
  const ranges = [
    'repeat-purchases',
    'revenue',
    'average-check',
    'frequency',
    'segments',
    'churn',
    'forecast-record',
  ];
  const paths = [
    'overview',
    'customers',
    'touches',
    ...ranges.flatMap((name) => [`${name}?by=month&from=${from}`, `${name}?by=week&from=${from}`]),
    'revenue?by=day',
    'revenue?segment=unknown&by=month',
    'segments?by=day',
  ];
  const reports: Record<string, unknown> = {};
  for (const path of paths) reports[path] = await api.get(`/v1/reports/${path}`);
  reports['sizes of segments'] = await api.get('/v1/segments');
  return reports;
}
