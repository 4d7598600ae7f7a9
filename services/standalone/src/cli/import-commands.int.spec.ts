import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { BatchServer } from './batch-server.kit.spec.js';
import { addImportCommands } from './import-commands.js';

let folder: string;
let server: BatchServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-import-'));
  server = await BatchServer.start();
});
afterEach(async () => {
  server.stop();
  await rm(folder, { recursive: true });
});

interface Run {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** The command as typed, with a terminal of our own. */
async function regulars(...words: string[]): Promise<Run> {
  const out: string[] = [];
  const errors: string[] = [];
  let code = 0;
  const program = new Command().exitOverride();
  program.configureOutput({ writeErr: (text) => errors.push(text) });
  addImportCommands(program, {
    env: { REGULARS_URL: server.url, REGULARS_API_KEY: 'rk_1_secret', REGULARS_CURRENCY: 'EUR' },
    interactive: false,
    out: (line) => out.push(line),
    error: (line) => errors.push(line),
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  await program.parseAsync(['node', 'regulars', 'import', ...words]);
  return { out: out.join('\n'), error: errors.join('\n'), code };
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const three = 'customer_id,date,amount\n1,2026-01-01,1.10\n1,2026-01-01,1.10\n2,2026-01-02,2.20\n';

describe('regulars import purchases', () => {
  it('sends every row, equal ones too, and changes nothing the second time', async () => {
    const path = await file('shop.csv', three);

    const first = await regulars('purchases', path);
    const second = await regulars('purchases', path);

    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toBe('Rows: 3 (3 created)\nCustomers: 2\nTotal: 4.40 EUR');
    expect(second.out).toContain('Rows: 3 (3 unchanged)');
    expect(server.batches[0]?.path).toBe('/v1/purchases/batch');
    expect(server.batches[0]?.items[0]).toMatchObject({ source: 'import', imported: true });
  });

  it('sends a long file in full batches, a few at a time', async () => {
    const rows = Array.from(
      { length: 5_345 },
      (_, n) => `${String(n % 500)},2026-01-01,${String(n)}`,
    );
    const path = await file('long.csv', `customer_id,date,amount\n${rows.join('\n')}`);

    const run = await regulars('purchases', path);

    expect(run.out).toContain('Rows: 5,345 (5,345 created)\nCustomers: 500');
    const sizes = server.batches.map(({ items }) => items.length).sort((a, b) => b - a);
    expect(sizes).toEqual([...(Array(26).fill(200) as number[]), 145]);
    expect(server.mostInFlight).toBeLessThanOrEqual(2);
  });

  it('keeps rejected rows with their reason, and takes them corrected', async () => {
    const path = await file(
      'shop.csv',
      'order_id,customer_id,date,amount,note\no1,1,2026-01-01,5,ok\no2,1,soon,5,"=cmd()"\nrefused,1,2026-01-03,5,x\n',
    );

    const run = await regulars('purchases', path);
    const rejected = await readFile(join(folder, 'rejected-shop.csv'), 'utf8');

    expect(run.code).toBe(0);
    expect(run.out).toContain('Rows: 3 (1 created, 2 rejected)');
    expect(run.out).toContain('1 date-not-understood');
    expect(rejected.split('\n').slice(0, 3)).toEqual([
      'order_id,customer_id,date,amount,note,line,reason',
      `o2,1,soon,5,'=cmd(),3,"date-not-understood: 2026-03-14, or use --date-order dmy or mdy"`,
      'refused,1,2026-01-03,5,x,4,purchase-in-future: The purchase lies in the future.',
    ]);

    const corrected = rejected.replace('soon', '2026-01-02').replace('refused', 'o3');
    const again = await regulars('purchases', await file('corrected.csv', corrected));
    expect(again.out).toContain('Rows: 2 (2 created)');
  });

  it('does not take a corrected row for another one that was like it all along', async () => {
    const path = await file('shop.csv', `${three}2,2026-01-O2,2.20\n`);
    await regulars('purchases', path);
    const rejected = await readFile(join(folder, 'rejected-shop.csv'), 'utf8');

    const corrected = await file('corrected.csv', rejected.replace('2026-01-O2', '2026-01-02'));
    const run = await regulars('purchases', corrected);

    expect(run.out).toContain('Rows: 1 (1 created)');
  });

  it('fails when no row was accepted', async () => {
    const run = await regulars(
      'purchases',
      await file('bad.csv', 'customer_id,date,amount\n1,x,y\n'),
    );

    expect(run).toMatchObject({ code: 1, error: 'regulars: No row was accepted.' });
  });

  it('checks a file without a server in a dry run', async () => {
    server.stop();
    const path = await file('shop.csv', `${three}3,never,1\n`);

    const run = await regulars(
      'purchases',
      path,
      '--dry-run',
      '--rejected',
      join(folder, 'no.csv'),
    );

    expect(run.out).toContain('Rows: 4 (3 readable, 1 rejected)');
    expect(run.out).toContain('nothing was sent');
    await expect(readFile(join(folder, 'no.csv'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [
      'semicolons and a decimal comma',
      'customer_id;date;amount\n1;14.03.2026;1.234,50\n',
      ['--date-order', 'dmy', '--decimal', 'comma'],
    ],
    ['a byte order mark', '\uFEFFcustomer_id,date,amount\r\n1,2026-03-14,1234.50\r\n', []],
    ['gzip', gzipSync('customer_id,date,amount\n1,2026-03-14,1234.50\n'), []],
    [
      'windows-1252',
      Buffer.from('customer_id,date,amount,name\n1,2026-03-14,1234.50,Jos\xe9\n', 'latin1'),
      ['--encoding', 'windows-1252'],
    ],
    [
      'other column names',
      'who,when,sum\n1,2026-03-14,1234.50\n',
      ['--map', 'customer_id=who', '--map', 'date=when', '--map', 'amount=sum'],
    ],
  ])('reads a file with %s', async (_what, content, options) => {
    const run = await regulars('purchases', await file('a.csv', content), ...options);

    expect(run.error).toBe('');
    expect(server.batches[0]?.items[0]).toMatchObject({
      purchaseDay: '2026-03-14',
      total: { amountMinor: 123450, currency: 'EUR' },
    });
  });

  it('waits for a busy server and for one that hangs up, and counts nothing twice', async () => {
    const troubles = [
      { status: 503, headers: { 'retry-after': '0' } },
      'hang-up' as const,
      { status: 429 },
      undefined,
    ];
    server.before = () => troubles.shift();

    const run = await regulars('purchases', await file('shop.csv', three));

    expect(run).toMatchObject({ code: 0, error: '' });
    expect(run.out).toContain('3 created');
    expect(troubles).toEqual([]);
  });

  it('sends a batch in halves when it is too large for the server', async () => {
    server.before = ({ items }) => (items.length > 1 ? { status: 413 } : undefined);

    const run = await regulars('purchases', await file('shop.csv', three));

    expect(run.out).toContain('3 created');
    expect(server.batches).toHaveLength(3);
  });

  it.each([
    [{ status: 401 }, 'does not accept the key'],
    [{ status: 403 }, 'The key lacks the scope purchases:write.'],
    [{ status: 404 }, 'There is no Regulars at'],
    [{ status: 200, body: { hello: 'world' } }, 'not like Regulars'],
    [
      { status: 400, body: { code: 'invalid-request', detail: 'No.' } },
      'refuses the batch: invalid-request: No.',
    ],
  ])('says in one line what %j means', async (answer, message) => {
    server.before = () => answer;

    const run = await regulars('purchases', await file('shop.csv', three));

    expect(run.code).toBe(1);
    expect(run.error).toContain(message);
    expect(run.error).toMatch(/^regulars: [^\n]*$/);
    expect(run.error).not.toContain('rk_1_secret');
  });

  it('says that no server answers', async () => {
    server.stop();

    const run = await regulars('purchases', await file('shop.csv', three));

    expect(run.error).toMatch(/^regulars: No server answers at http:[^\n]*"npm start"[^\n]*$/);
  });

  it.each([
    [
      'customer_id,datum,amount\n1,2,3\n',
      [],
      'no column date. It has: customer_id, datum, amount.',
    ],
    ['', [], 'The file is empty.'],
    [Buffer.from([0x61, 0xff, 0xfe, 0x0a]), [], 'is not utf-8'],
    [gzipSync(three).subarray(0, 40), [], 'does not unpack'],
    [three, ['--encoding', 'klingon'], 'no known encoding'],
    [three, ['--url', 'ftp://x'], 'is no address'],
  ])('refuses %j in one line', async (content, options, message) => {
    const run = await regulars('purchases', await file('a.csv', content), ...options);

    expect(run.code).toBe(1);
    expect(run.error).toContain(message);
    expect(run.error).toMatch(/^regulars: [^\n]*$/);
  });

  it('says that there is no such file', async () => {
    const run = await regulars('purchases', join(folder, 'none.csv'));

    expect(run.error).toContain('There is no file');
  });
});

describe('regulars import customers', () => {
  it('sends names, addresses, birthdays and consents', async () => {
    const path = await file(
      'people.csv',
      'customer_id,name,phone,birthday,consent\n1,Ada,+49301,1980-05-17,email sms\n2,Bob,+49302,,\n',
    );

    const run = await regulars('customers', path);

    expect(run.out).toBe('Rows: 2 (2 created)\nCustomers: 2');
    expect(server.batches[0]?.path).toBe('/v1/customers/batch');
    expect(server.batches[0]?.items[0]).toMatchObject({
      name: 'Ada',
      consents: [{ channel: 'email', evidence: 'people.csv, line 2' }, { channel: 'sms' }],
      imported: true,
    });
  });
});
