import { gapOf, type Balance } from '@regulars/kernel';

export type ServiceBalance = Balance & { readonly service: string };

const head = ['service', 'sum', 'of', 'records', 'gap', 'what became of them'] as const;
const toTheRight = new Set<number>([3, 4]);

/** The sums as lines that a person reads: parts that are nothing are left out, gaps follow with where to look. */
export function balanceTable(balances: readonly ServiceBalance[]): string[] {
  const rows = balances.map((balance) => [
    balance.service,
    balance.sum,
    balance.of,
    number(balance.whole),
    number(gapOf(balance)),
    partsOf(balance),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return toTheRight.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line), '', ...verdict(balances)];
}

function partsOf({ parts }: Balance): string {
  const some = Object.entries(parts).filter(([, count]) => count !== 0);
  return some.map(([part, count]) => `${number(count)} ${part}`).join(' + ');
}

function verdict(balances: readonly ServiceBalance[]): string[] {
  const open = balances.filter((balance) => gapOf(balance) > 0);
  if (open.length === 0) return [`All ${String(balances.length)} sums balance.`];
  return [
    `${String(open.length)} of ${String(balances.length)} sums have a gap:`,
    ...open.flatMap(({ service, sum, of, gaps }) =>
      gaps.map(({ finding }) => `  ${[service, sum, of].filter(Boolean).join(' ')}: ${finding}`),
    ),
  ];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
