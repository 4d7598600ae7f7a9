import type { BacktestReport } from '../report.js';
import { comparisonTables, percent, type Table } from './comparison-table.js';

/** The report for a terminal: what was judged, then one table per question. Judged forecasters are marked with `>`. */
export function terminalLines(report: BacktestReport): string[] {
  return [
    ...heading(report),
    ...comparisonTables(report).flatMap((table) => ['', table.title, ...aligned(table)]),
    ...closing(report),
  ];
}

export function heading({ data, origins, settings }: BacktestReport): string[] {
  const count = (n: number): string => n.toLocaleString('en-US');
  const sampled =
    data.judgedCustomers < data.customers
      ? ` (a sample of ${count(data.judgedCustomers)} is judged, seed ${settings.seed})`
      : '';
  return [
    `Customers: ${count(data.customers)}${sampled}; purchase days: ${count(data.purchaseDays)}, ${data.firstDay} to ${data.lastDay}`,
    `Origins: ${origins.map(({ day, customers }) => `${day} (${count(customers)} customers)`).join(', ')}`,
    `At each origin only what was known by then is used. Figures are means over the origins at which all can be compared.`,
    `Dates are judged among those who did buy within ${followUp(origins)} days.`,
  ];
}

function followUp(origins: BacktestReport['origins']): string {
  const days = origins.map(({ followUpDays }) => followUpDays);
  const [least, most] = [Math.min(...days), Math.max(...days)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** What concerns only forecasters that decline to answer or give customers up. */
export function closing({ origins, judged }: BacktestReport): string[] {
  const newest = origins.at(-1);
  const lines = (newest?.forecasters ?? []).flatMap(({ name, answers, lost }) => {
    if (!judged.includes(name)) return [];
    return [
      ...(answers
        ? [
            `${name}: gives a date to ${percent(answers.ofAll)} of customers, ${percent(answers.ofRepeaters)} of repeaters (${newest?.day ?? ''}).`,
          ]
        : []),
      ...(lost && lost.declared > 0
        ? [
            `${name}: of ${lost.declared.toLocaleString('en-US')} declared lost, ${percent(lost.cameBack / lost.declared)} came back all the same.`,
          ]
        : []),
    ];
  });
  return lines.length > 0 ? ['', ...lines] : [];
}

function aligned({ header, rows }: Table): string[] {
  const table = [{ cells: header, judged: false }, ...rows];
  const widths = header.map((_, i) => Math.max(...table.map(({ cells }) => cells[i]?.length ?? 0)));
  return table.map(({ cells, judged }) => {
    const [name = '', ...numbers] = cells;
    const padded = numbers.map((cell, i) => cell.padStart(widths[i + 1] ?? 0));
    return [`${judged ? '>' : ' '} ${name.padEnd(widths[0] ?? 0)}`, ...padded].join('  ');
  });
}
