import { describe, expect, it } from '@jest/globals';
import { identifier, sql } from './sql.js';

describe('sql', () => {
  it('turns every value into a parameter', () => {
    const statement = sql`select ${1} where name = ${"it's"}`;

    expect(statement.text).toBe('select $1 where name = $2');
    expect(statement.values).toEqual([1, "it's"]);
  });

  it('splices nested statements in and renumbers their parameters', () => {
    const inner = sql`a = ${'x'} and b = ${'y'}`;

    const statement = sql`select ${0} where ${inner} or c = any(${[1, 2]})`;

    expect(statement.text).toBe('select $1 where a = $2 and b = $3 or c = any($4)');
    expect(statement.values).toEqual([0, 'x', 'y', [1, 2]]);
  });

  it('takes an object that only looks like a statement as a value', () => {
    const forged = { text: 'drop table customers', values: [] };

    expect(sql`select ${forged}`).toMatchObject({ text: 'select $1', values: [forged] });
  });

  it('takes names of schemas and tables, and nothing that only might be one', () => {
    expect(sql`select ${1} from ${identifier('ingestion', 'outbox')}`.text).toBe(
      'select $1 from "ingestion"."outbox"',
    );
    expect(() => identifier('outbox"; drop table customers')).toThrow(RangeError);
  });
});
