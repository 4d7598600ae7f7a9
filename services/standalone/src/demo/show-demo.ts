import { formatAmount, type Day } from '@regulars/kernel';
import type { DemoApi } from './demo-api.js';
import { storyOf } from './customer-story.js';

export interface DemoFrame {
  readonly address: string;
  readonly key: string;
  readonly from: Day;
  readonly today: Day;
}

interface AgendaRow {
  readonly customerId: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly contactDay: string | null;
  readonly whyNow: string;
  readonly expectedSpend: { readonly amountMinor: number; readonly currency: string } | null;
}
interface SegmentsMonth {
  readonly period: string;
  readonly segments: readonly { readonly segment: string; readonly share: number | null }[];
}
interface TouchesMonth {
  readonly period: string;
  readonly channels: readonly {
    readonly channel: string;
    readonly outcomes: readonly { readonly outcome: string; readonly touches: number }[];
    readonly purchases: readonly { readonly purchases: number; readonly revenueMinor: number }[];
  }[];
}
interface RepeatMonth {
  readonly period: string;
  readonly purchaseDays: number;
  readonly repeatPurchaseDays: number;
  readonly share: number | null;
}

/** What to look at after the year, and how to ask for it. */
export async function showDemo(api: DemoApi, frame: DemoFrame): Promise<string> {
  const range = `from=${frame.from}&to=${frame.today}&by=month`;
  const agenda = await api.get<{ data: AgendaRow[] }>('/v1/agenda?days=7&limit=8');
  const segments = await api.get<{ data: SegmentsMonth[] }>(`/v1/reports/segments?${range}`);
  const touches = await api.get<{ data: TouchesMonth[] }>(`/v1/reports/touches?${range}`);
  const repeat = await api.get<{ data: RepeatMonth[] }>(`/v1/reports/repeat-purchases?${range}`);
  return [
    section('Whom to contact this week, most valuable first', agendaLines(agenda.data)),
    section(
      "One customer's story",
      await storyOf(
        api,
        agenda.data.map(({ customerId }) => customerId),
      ),
    ),
    section('Segments at the end of each month', segmentLines(segments.data)),
    section('Touches by month', touchLines(touches.data)),
    section('Repeat purchases by month', repeatLines(repeat.data)),
    next(frame),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

function agendaLines(rows: readonly AgendaRow[]): string[] {
  return rows.map(({ name, phone, contactDay, whyNow, expectedSpend }) =>
    [
      (name ?? '').padEnd(16),
      (phone ?? '').padEnd(15),
      contactDay ?? '',
      expectedSpend === null
        ? ''
        : `${formatAmount(expectedSpend)} ${expectedSpend.currency}`.padStart(10),
      whyNow,
    ].join('  '),
  );
}

const percent = (share: number | null | undefined): string =>
  (typeof share === 'number' ? `${(share * 100).toFixed(0)} %` : '-').padStart(6);

function segmentLines(months: readonly SegmentsMonth[]): string[] {
  const names = ['regular', 'periodic', 'one-time', 'new', 'lapsed', 'no-cycle'];
  const rows = months.map(({ period, segments }) => {
    const shares = names.map((name) =>
      percent(segments.find(({ segment }) => segment === name)?.share).padStart(9),
    );
    return `${period.padEnd(9)}${shares.join('')}`;
  });
  return [`${'month'.padEnd(9)}${names.map((name) => name.padStart(9)).join('')}`, ...rows];
}

function touchLines(months: readonly TouchesMonth[]): string[] {
  return months.map(({ period, channels }) => {
    const texts = channels.map(({ channel, outcomes }) => `${channel}: ${summed(outcomes)}`);
    const credited = channels.flatMap(({ purchases }) => purchases);
    const count = credited.reduce((sum, { purchases }) => sum + purchases, 0);
    return `${period.padEnd(9)}${texts.join('; ')}; ${String(count)} bought within 14 days after`;
  });
}

/** By outcome; the report has each of them by its reason. */
function summed(outcomes: TouchesMonth['channels'][number]['outcomes']): string {
  const sums = new Map<string, number>();
  for (const { outcome, touches } of outcomes) {
    if (outcome !== 'planned') sums.set(outcome, (sums.get(outcome) ?? 0) + touches);
  }
  return [...sums].map(([outcome, touches]) => `${String(touches)} ${outcome}`).join(', ');
}

function repeatLines(months: readonly RepeatMonth[]): string[] {
  return months.map(
    ({ period, purchaseDays, repeatPurchaseDays, share }) =>
      `${period.padEnd(9)}${String(repeatPurchaseDays).padStart(5)} of ${String(purchaseDays).padStart(5)} purchase days were repeats (${percent(share).trim()})`,
  );
}

function next({ address, key }: DemoFrame): string {
  return `
Regulars runs on with this data, by today's clock.

  Address   ${address}
  API key   ${key}
  Docs      ${address}/docs
  Try       curl -H "Authorization: Bearer ${key}" "${address}/v1/agenda?days=14"

Purchases after a touch are counted, not claimed: whether touches caused them, only a holdout can tell.
Nothing was sent: channels capture what they would send until they are configured. Ctrl-C stops.
`;
}
