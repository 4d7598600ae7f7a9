import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { BacktestReport } from '@regulars/forecasting';
import { fromEpochDay } from '@regulars/kernel';
import { addBacktestCommand } from './backtest-command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-backtest-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Run {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** The command as typed, with a terminal of our own. */
async function backtest(...words: string[]): Promise<Run> {
  const out: string[] = [];
  const errors: string[] = [];
  let code = 0;
  const program = new Command().exitOverride();
  program.configureOutput({ writeErr: (text) => errors.push(text) });
  addBacktestCommand(program, {
    env: {},
    interactive: false,
    out: (line) => out.push(line),
    error: (line) => errors.push(line),
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  await program.parseAsync(['node', 'regulars', 'backtest', ...words]);
  return { out: out.join('\n'), error: errors.join('\n'), code };
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const day = (epochDay: number): string => fromEpochDay(epochDay);

/** So many customers, the i-th every 12 + i % 17 days. */
function rows(customers: number, days: number): string[] {
  return Array.from({ length: customers }, (_, i) =>
    Array.from({ length: Math.floor(days / (12 + (i % 17))) }, (__, n) => {
      const on = day(19_000 + (i % 30) + n * (12 + (i % 17)));
      return `c${String(i)},${on},${String(5 + i)}.50`;
    }),
  ).flat();
}

/** Few purchase days, and on each of them many orders: reading is what is long here. */
function manyRows(count: number): string[] {
  const few = rows(30, 400);
  return [...Array.from({ length: count - 1 }, (_, i) => few[i % few.length] ?? ''), 'c1;2022'];
}

/** One origin and one horizon: what is tested here does not hang on how many there are. */
const brief = ['--origins', '1', '--horizons', '30'];

const csv = (lines: readonly string[]): string =>
  ['customer_id,date,amount', ...lines, ''].join('\n');

describe('regulars backtest', () => {
  it('prints the comparison, says what it left out, and writes page and JSON', async () => {
    const path = await file('shop.csv', csv([...rows(80, 400), 'c1,yesterday,3', ',2022-01-09,3']));
    const [page, json] = [join(folder, 'report.html'), join(folder, 'report.json')];

    const run = await backtest(path, '--report', page, '--json', json);

    expect(run.code).toBe(0);
    expect(run.error).toMatch(/Dropped, unreadable date: 1 \(first in line [\d,]+\)/);
    expect(run.error).toContain('Dropped, no customer: 1');
    for (const name of ['recency alone', 'logistic RFM', 'max(last + mean gap, now)', 'rate x/T']) {
      expect(run.out).toContain(name);
    }
    const report = JSON.parse(await readFile(json, 'utf8')) as BacktestReport;
    expect(report.data).toMatchObject({ customers: 80, judgedCustomers: 80 });
    expect(report.origins).toHaveLength(4);
    expect(await readFile(page, 'utf8')).toContain('</html>');
  });

  it('reads packed files with mapped columns, and takes origins and horizons as told', async () => {
    const text = csv(rows(60, 400)).replace('customer_id,date', 'Who,Order Date');
    const path = await file('shop.csv.gz', gzipSync(text));

    const run = await backtest(
      ...[path, '--map', 'customer_id=who', '--map', 'date=order date'],
      ...['--origin', day(19_200), '--horizons', '7,60', '--json', join(folder, 'r.json')],
    );

    expect(run).toMatchObject({ code: 0 });
    const report = JSON.parse(await readFile(join(folder, 'r.json'), 'utf8')) as BacktestReport;
    expect(report.origins.map((origin) => origin.day)).toEqual([day(19_200)]);
    expect(report.settings.horizonsDays).toEqual([7, 60]);
  });

  it('judges one category alone, and names those that there are', async () => {
    const lines = rows(60, 400).flatMap((row, i) => [
      `${row},tea`,
      ...(i % 2 ? [`x${row},cups`] : []),
    ]);
    const path = await file('shop.csv', csv(lines).replace('amount', 'amount,category'));
    const json = join(folder, 'r.json');

    const tea = await backtest(path, '--category', 'tea', ...brief, '--json', json);
    const other = await backtest(path, '--category', 'coffee');

    expect(tea.code).toBe(0);
    const report = JSON.parse(await readFile(json, 'utf8')) as BacktestReport;
    expect(report.data.customers).toBe(60);
    expect(other).toMatchObject({
      code: 1,
      error: expect.stringContaining('There are: tea, cups.'),
    });
  });

  it.each([
    ['one customer', rows(1, 400)],
    ['one purchase each', rows(300, 400).filter((_, i) => i % 20 === 0)],
    [
      'a single customer with 10,000 purchases',
      Array.from({ length: 10_000 }, (_, i) => `c,${day(i)},1`),
    ],
    ['days from 1970 to 2070', [...rows(20, 300), 'old,1970-01-01,1', 'new,2070-12-31,1']],
    [
      'free orders and negative totals',
      rows(40, 300).map((row, i) => row.replace(/,[^,]*$/, i % 3 === 0 ? ',-4' : ',0')),
    ],
    ['100,000 rows with one malformed', manyRows(100_000)],
  ])('has an answer for %s', async (_, lines) => {
    const run = await backtest(
      await file('odd.csv', csv(lines)),
      ...brief,
      '--report',
      join(folder, 'r.html'),
    );

    expect(run.code).toBe(0);
    expect(run.out).toContain('Will they buy');
    expect(run.out).not.toMatch(/NaN|Infinity|undefined/);
    expect(await readFile(join(folder, 'r.html'), 'utf8')).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    [
      'all on the same day',
      csv(rows(50, 300).map((row) => row.replace(/,[^,]*,/, ',2022-01-01,'))),
      'span 0 days',
    ],
    ['a header only', csv([]), 'no purchases'],
    ['an empty file', '', 'The file is empty'],
    ['another table', 'a,b\n1,2\n', 'The file has no column customer_id'],
  ])('has a clear error for %s', async (_, content, message) => {
    const run = await backtest(await file('bad.csv', content));

    expect(run.code).toBe(1);
    expect(run.error).toContain('regulars: ');
    expect(run.error).toContain(message);
    expect(run.error).not.toContain('    at ');
  });

  it('says which file or place is not there', async () => {
    const missing = await backtest(join(folder, 'none.csv'));
    const path = await file('shop.csv', csv(rows(30, 400)));
    const nowhere = await backtest(path, ...brief, '--report', join(folder, 'no', 'r.html'));

    expect(missing).toMatchObject({ code: 1, error: expect.stringContaining('There is no file') });
    expect(nowhere).toMatchObject({ code: 1, error: expect.stringContaining('cannot be written') });
  });
});
