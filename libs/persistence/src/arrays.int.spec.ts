import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { array } from './arrays.js';
import { sql } from './sql.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ service: 'test' });
});
afterAll(() => db.drop());

const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

describe('an array given to a statement', () => {
  it('is the one that Postgres has, whatever its texts hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(word)), async (words) => {
        const [row] = await db.query<{ given: unknown; bytes: unknown }>(sql`
          select ${array.text(words)}::text[] as given,
                 array(select convert_from(b, 'UTF8') from unnest(${array.bytes(words)}::bytea[]) b) as bytes`);
        expect(row).toEqual({ given: words, bytes: words });
      }),
    );
  });

  it('holds bytes and JSON unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.uint8Array(), fc.dictionary(word, fc.option(fc.nat())))),
        async (pairs) => {
          const bytes = pairs.map(([some]) => some);
          const objects = pairs.map(([, object]) => ({ ...object }));
          const rows = await db.query<{ bytes: Buffer; object: object }>(sql`
            select bytes, object
            from unnest(${array.bytes(bytes)}::bytea[], ${array.json(objects)}::jsonb[]) as r (bytes, object)`);
          expect(rows.map((row) => [...row.bytes])).toEqual(bytes.map((some) => [...some]));
          expect(rows.map((row) => row.object)).toEqual(objects);
        },
      ),
    );
  });

  it('holds ids, numbers, truths and instants', async () => {
    const id = '01990000-0000-7000-8000-000000000000';
    const at = new Date('2026-01-15T13:30:00.123Z');
    const [row] = await db.query(sql`
      select ${array.plain([id])}::uuid[] as ids, ${array.plain([-1, null, 2n ** 63n - 1n])}::bigint[]::text[] as numbers,
             ${array.plain([true, false])}::boolean[] as truths, ${array.instants([at])}::timestamptz[] as instants,
             ${array.plain(['2026-01-15'])}::date[]::text[] as days, ${array.plain([])}::integer[] as none`);

    expect(row).toEqual({
      ids: [id],
      numbers: ['-1', null, '9223372036854775807'],
      truths: [true, false],
      instants: [at],
      days: ['2026-01-15'],
      none: [],
    });
  });
});
