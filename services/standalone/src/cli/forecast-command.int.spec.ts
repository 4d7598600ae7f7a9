import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { fromEpochDay, toEpochDay } from '@regulars/kernel';
import { addForecastCommand } from './forecast-command.js';
import type { Terminal } from './terminal.js';

const start = toEpochDay('2025-01-06');
let folder = '';
const said = { out: [] as string[], errors: [] as string[], code: 0 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-forecast-'));
  said.out = [];
  said.errors = [];
  said.code = 0;
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Every customer comes every 28 days, give or take; the last of them bought once. */
function shop(customers = 30): string[] {
  const rows = ['customer_id,date,amount,category'];
  for (let c = 0; c < customers; c++) {
    const times = c === customers - 1 ? 1 : 14;
    for (let i = 0; i < times; i++) {
      const day = fromEpochDay(start + (c % 28) + 28 * i + ((c * 7 + i * 3) % 5));
      rows.push(`C-${String(c)},${day},${String(20 + (c % 3))}.50,${i % 2 ? 'tea' : 'coffee'}`);
    }
  }
  return rows;
}

async function run(rows: readonly string[] | Buffer, ...options: string[]): Promise<string[][]> {
  const file = join(folder, 'purchases.csv');
  await writeFile(file, rows instanceof Buffer ? rows : `${rows.join('\n')}\n`);
  const out = join(folder, 'forecasts.csv');
  const terminal: Terminal = {
    env: {},
    interactive: false,
    out: (line) => said.out.push(line),
    error: (line) => said.errors.push(line),
    exitWith: (code) => (said.code = code),
  };
  const program = new Command().exitOverride();
  addForecastCommand(program, terminal);
  await program.parseAsync(['node', 'regulars', 'forecast', file, '--out', out, ...options]);
  if (said.code !== 0) return [];
  const text = await readFile(out, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

function asRecords([header = [], ...rows]: string[][]): Record<string, string>[] {
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

describe('regulars forecast', () => {
  const asOf = ['--as-of', '2026-01-15'];

  it('writes the declared columns and one row per customer', async () => {
    const found = await run(shop(), ...asOf, '--horizons', '14,90');

    expect(found[0]?.join(',')).toBe(
      'customer_id,due_day,expected_day,window_from,window_to,p_alive,lost_day,remind_day,basis,segment,' +
        'cycle_days,regularity,reason,p_14d,count_14d,spend_14d,p_90d,count_90d,spend_90d',
    );
    expect(found).toHaveLength(31);
    const [first] = asRecords(found);
    expect(first).toMatchObject({
      customer_id: 'C-0',
      segment: 'regular',
      reason: '',
      basis: 'blend',
    });
    expect(Math.abs(Number(first?.['cycle_days']) - 28)).toBeLessThan(3);
    expect(Number(first?.['spend_90d'])).toBeGreaterThan(20);
    expect(said.errors.at(-1)).toContain('30 customers as of 2026-01-15');
  });

  it('never looks at what came after the as-of day', async () => {
    const rows = shop();
    const until = rows.filter((row, i) => i === 0 || (row.split(',')[1] ?? '') <= '2025-09-30');
    const early = ['--as-of', '2025-09-30', '--all-dates', '--horizons', '14,30,90,365'];

    const whole = await run(rows, ...early);
    const wrong = rows.map((row) => row.replace(/,2025-1\d-\d\d,[\d.]+/, ',2025-12-31,99999'));
    expect(await run(wrong, ...early)).toEqual(whole);
    expect(await run(until, ...early)).toEqual(whole);
    expect(whole.length).toBeGreaterThan(25);
  });

  it('withholds the dates of who cannot be given one, and fills them when asked to', async () => {
    const once = (found: string[][]): Record<string, string> | undefined =>
      asRecords(found).find((row) => row['customer_id'] === 'C-29');

    const withheld = once(await run(shop(), ...asOf));
    expect(withheld?.['reason']).not.toBe('');
    expect([withheld?.['expected_day'], withheld?.['window_from']]).toEqual(['', '']);
    expect(withheld?.['p_30d']).toMatch(/^0\.\d+$/);

    const filled = once(await run(shop(), ...asOf, '--all-dates'));
    expect(filled?.['reason']).toBe(withheld?.['reason']);
    const day = /^\d{4}-\d\d-\d\d$/;
    for (const column of ['due_day', 'expected_day', 'window_from', 'window_to', 'lost_day']) {
      expect(filled?.[column]).toMatch(day);
    }
  });

  it('gives one row per customer and category', async () => {
    const found = await run(shop(), ...asOf, '--by-category', '--all-dates');

    expect(found[0]?.slice(0, 3)).toEqual(['customer_id', 'category', 'due_day']);
    const rows = asRecords(found);
    expect(rows).toHaveLength(29 * 2 + 1);
    const whole = asRecords(await run(shop(), ...asOf, '--all-dates'));
    for (const row of rows) {
      const customer = whole.find((one) => one['customer_id'] === row['customer_id']);
      expect(Number(row['p_30d'])).toBeLessThanOrEqual(Number(customer?.['p_30d']) + 1e-6);
    }
  });

  it('reads gzip, other names of columns and timestamps', async () => {
    const rows = shop().map((row, i) =>
      i === 0 ? 'Kunde,Datum,Betrag,Art' : row.replace(/(\d{4}-\d\d-\d\d)/, '$1T09:30:00Z'),
    );
    const map = ['customer_id=Kunde', 'date=Datum', 'amount=Betrag'].flatMap((m) => ['--map', m]);

    const packed = await run(gzipSync(rows.join('\n')), ...asOf, ...map);
    expect(packed).toEqual(await run(shop(), ...asOf));
  });

  it('reads timestamps of several zones by the day as written, one malformed row of 100,000 aside', async () => {
    const zones = [
      'T23:30:00-05:00',
      ' 00:15:00 +0200',
      'T09:30:00.250Z',
      'T01:00:00+02:00[Europe/Berlin]',
    ];
    const stamped = shop().map((row, i) =>
      i === 0
        ? 'Kunde,Zeitpunkt,Summe,category'
        : row.replace(/(\d{4}-\d\d-\d\d)/, `$1${zones[i % zones.length] ?? ''}`),
    );
    const [header = '', ...rows] = stamped;
    // The same orders of the same days without value: much to read, and nothing else to say.
    const worthless = rows.map((row) => row.replace(/,[\d.]+,/, ',0,'));
    const many = Array.from(
      { length: 99_999 - rows.length },
      (_, i) => worthless[i % rows.length] ?? '',
    );
    const map = ['customer_id=Kunde', 'date=Zeitpunkt', 'amount=Summe'].flatMap((m) => [
      '--map',
      m,
    ]);

    const found = await run([header, ...rows, 'C-1;2025-03-01;5', ...many], ...asOf, ...map);

    expect(said.errors[0]).toMatch(/^Rows: 100,000 /);
    expect(said.errors).toContain(
      `Dropped, malformed row: 1 (first in line ${String(rows.length + 2)})`,
    );
    expect(found).toEqual(await run(shop(), ...asOf));
  });

  it('forecasts a single customer, and a single purchase', async () => {
    const one = asRecords(await run(['customer_id,date,amount', 'a,2025-12-24,5'], ...asOf));

    expect(one).toHaveLength(1);
    expect(one[0]).toMatchObject({ customer_id: 'a', segment: 'new', basis: 'built-in prior' });
    expect(Number(one[0]?.['p_365d'])).toBeGreaterThan(0);
    expect(said.errors.at(-1)).toMatch(/\(1 customer as of 2026-01-15, built-in prior\)$/);
  });

  it('says what it dropped and why, and goes on', async () => {
    const bad = ['C-1,soon,5,tea', ',2025-03-01,5,tea', 'C-1,2025-03-02,-5,tea'];
    const found = await run([...shop(), ...bad], ...asOf);

    expect(found).toHaveLength(31);
    const text = said.errors.join('\n');
    expect(text).toMatch(/unreadable date: 1/);
    expect(text).toMatch(/no customer: 1/);
    expect(text).toMatch(/negative total: 1/);
  });

  it('says in one line what cannot be done', async () => {
    await run(shop(), '--as-of', '2020-01-01');
    expect(said.errors.at(-1)).toMatch(/^regulars: Nobody bought by the as-of day/);
    await run(['customer_id,date,amount']);
    expect(said.errors.at(-1)).toBe(
      'regulars: No row is a purchase: there is nothing to forecast.',
    );
    await run(
      gzipSync([...shop(), '"C-1,2025-03-01,5,tea', ...shop()].join('\n')).subarray(0, 200),
    );
    expect(said.errors.at(-1)).toMatch(/purchases.csv is damaged: it does not unpack/);
    await run(gzipSync([...shop(2), '"C-1,2025-03-01,5,tea', ...shop()].join('\n')));
    expect(said.errors.at(-1)).toBe(
      'regulars: The CSV cannot be read: the quote that opens in line 17 is never closed.',
    );
    await run(['customer_id,date,amount', 'a,2025-01-01,5'], '--by-category');
    expect(said.errors.at(-1)).toBe('regulars: The file has no column category.');
    expect(said.code).toBe(1);
  });
});
