import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readCdnow, type Histories } from '@regulars/forecasting';
import { fromEpochDay } from '@regulars/kernel';

/**
 * `npm run bench:forecast-file [customers] [rows]`: `regulars forecast` of a large file, four horizons, timed as a command
 * is. The file is the CDNOW master again and again under other ids, with further purchase days until there are as many rows
 * as wanted: at most 10 minutes and 1.5 GB for 1,000,000 customers with 5,000,000 rows. Run it on a quiet machine.
 */
const [CUSTOMERS = 1_000_000, ROWS = 5 * CUSTOMERS] = process.argv.slice(2).map(Number);
const TARGET = { minutes: 10, megabytes: 1_500 };
const COMMAND = join(import.meta.dirname, '../services/standalone/dist/main.js');
const data =
  process.env['REGULARS_TEST_DATA'] ?? join(import.meta.dirname, '../../shared/data/cdnow');

const master = createReadStream(join(data, 'CDNOW_master.txt'), 'utf8');
const { table } = await readCdnow(master);
const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
try {
  const file = join(folder, 'purchases.csv');
  await pipeline(Readable.from(copies(table.histories())), createWriteStream(file));
  const started = performance.now();
  const megabytes = await forecast(file);
  const minutes = (performance.now() - started) / 60_000;
  process.stdout.write(
    `forecast of ${CUSTOMERS.toLocaleString('en-US')} customers, ${ROWS.toLocaleString('en-US')} rows: ` +
      `${minutes.toFixed(1)} min (at most ${String(TARGET.minutes)}), ` +
      `${megabytes.toFixed(0)} MB at most (${String(TARGET.megabytes)})\n`,
  );
  process.exitCode = minutes <= TARGET.minutes && megabytes <= TARGET.megabytes ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

/** Every purchase as it was, and some of them again on a later day: another one in each copy, so that no two are alike. */
function* copies({ size, offsets, days, spend }: Histories): Generator<string> {
  const lastDay = days.reduce((latest, day) => Math.max(latest, day), 0);
  const further = Math.max(0, ROWS / ownRows(CUSTOMERS) - 1);
  let owed = 0;
  yield 'customer_id,date,amount\n';
  for (let n = 0; n < CUSTOMERS; n++) {
    let text = '';
    const row = (day: number, cents = 0): void => {
      text += `c${String(n)},${fromEpochDay(day)},${(cents / 100).toFixed(2)}\n`;
    };
    for (let at = offsets[n % size] ?? 0; at < (offsets[(n % size) + 1] ?? 0); at++) {
      const day = days[at] ?? 0;
      row(day, spend[at]);
      for (owed += further; owed >= 1; owed--) {
        const later = day + 5 + ((7 * n + 11 * at) % 60);
        row(later > lastDay ? 2 * lastDay - later : later, spend[at]);
      }
    }
    yield text;
  }

  function ownRows(customers: number): number {
    const rest = offsets[customers % size] ?? 0;
    return Math.floor(customers / size) * days.length + rest;
  }
}

/** The most memory that the command held, in MB. */
async function forecast(file: string): Promise<number> {
  const tellMemory = `process.on('exit', () => process.send(process.resourceUsage().maxRSS))`;
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${tellMemory}`, COMMAND, 'forecast', file]
      .concat(['--as-of', '1998-06-30', '--horizons', '14,30,90,365'])
      .concat(['--out', join(folder, 'forecasts.csv')]),
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  let kilobytes = Number.NaN;
  child.on('message', (maxRss) => (kilobytes = Number(maxRss)));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`The command ended with ${String(code)}.`);
  return kilobytes / 1_024;
}
