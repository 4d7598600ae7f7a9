import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { shopApp } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const sale = { orderId: 'a-1', lines: [{ product: 'tea', quantity: 2 }] };

describe('what comes in', () => {
  let db: TestDatabase;
  let keys: TestKeys;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    db = await testDatabase({ service: 'shop' });
    await db.dataSource.query('create table sales (order_id text primary key)');
    keys = await testKeys();
    app = await shopApp({ database: db, apiKeys: keys.keys });
  });
  afterAll(async () => {
    await app.close();
    await keys.remove();
    await db.drop();
  });

  const post = (payload: string | Buffer | object, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/v1/sales',
      headers: { authorization: `Bearer ${keys.text.till}`, ...JSON_TYPE, ...headers },
      payload,
    });
  const get = (url: string, key: string = keys.text.admin) =>
    app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } });

  describe('refuses bodies', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

    it.each<[string, string | Buffer, string, string]>([
      ['no JSON', '{"orderId":', 'malformed-json', ''],
      ['a NUL character', '{"orderId":"a\\u0000b","lines":[]}', 'nul-character', '/orderId'],
      ['a NUL in a name', '{"a\\u0000/b":1}', 'nul-character', '/a\0~1b'],
      [
        'half of a surrogate pair',
        '{"lines":[{"product":"\\ud800"}]}',
        'lone-surrogate',
        '/lines/0/product',
      ],
      [
        '__proto__',
        '{"lines":[{"__proto__":{"polluted":1}}]}',
        'forbidden-field',
        '/lines/0/__proto__',
      ],
      [
        '__proto__ by an escape',
        '{"lines":[{"\\u005f_proto__":{"polluted":1}}]}',
        'forbidden-field',
        '/lines/0/__proto__',
      ],
      [
        'constructor.prototype',
        '{"constructor":{"prototype":{}}}',
        'forbidden-field',
        '/constructor',
      ],
      [
        'a number beyond doubles',
        '{"lines":[{"quantity":1e400}]}',
        'number-out-of-range',
        '/lines/0/quantity',
      ],
      [
        'a number that a double rounds',
        '{"lines":[{"quantity":9007199254740993}]}',
        'number-out-of-range',
        '/lines/0/quantity',
      ],
      ['one name twice', '{"orderId":"a","orderId":"b"}', 'repeated-field', ''],
      ['10,000 levels', deep(10_000), 'too-deep', ''],
      [
        'a million fields',
        `{${Array.from({ length: 200_000 }, (_, i) => `"${String(i)}":1`).join()}}`,
        'too-many-fields',
        '',
      ],
      ['a byte order mark', Buffer.from('\ufeff{}'), 'malformed-json', ''],
      [
        'half a surrogate pair as bytes',
        Buffer.from('7b2261223a22eda0bd227d', 'hex'),
        'not-utf-8',
        '',
      ],
      ['Latin-1', Buffer.from('{"orderId":"caf\xe9"}', 'latin1'), 'not-utf-8', ''],
    ])('%s: 400', async (_what, payload, code, pointer) => {
      const answer = await post(payload);

      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code, errors: [{ pointer, code }] });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });

    it('over the limit: 413', async () => {
      const answer = await post(`{"orderId":"${'x'.repeat(5_300_000)}"}`);

      expect(answer.statusCode).toBe(413);
      expect(answer.json()).toMatchObject({ code: 'too-large' });
    });

    it.each([
      [{ 'content-type': 'text/plain' }],
      [{ 'content-type': 'application/json; charset=latin1' }],
      [{ 'content-encoding': 'gzip' }],
    ])('of another kind: 415 for %j', async (headers) => {
      const answer = await post(JSON.stringify(sale), headers);

      expect(answer.statusCode).toBe(415);
      expect(answer.json()).toMatchObject({ code: 'unsupported-media-type' });
    });

    it('with wrong fields, each with its pointer', async () => {
      const answer = await post({
        orderId: 7,
        isAdmin: true,
        lines: [{ product: 'tea', quantity: 1.5, 'a/b': 1 }],
      });

      expect(answer.statusCode).toBe(400);
      const { code, errors } = answer.json<{
        code: string;
        errors: { pointer: string; code: string }[];
      }>();
      expect(code).toBe('invalid-request');
      expect(errors.map((error) => [error.pointer, error.code])).toEqual(
        expect.arrayContaining([
          ['/orderId', 'is-string'],
          ['/isAdmin', 'unknown-field'],
          ['/lines/0/quantity', 'is-int'],
          ['/lines/0/a~1b', 'unknown-field'],
        ]),
      );
    });

    it.each<[string]>([['[]'], ['null'], ['"text"'], ['1'], ['{}'], ['']])(
      '%s where an object belongs: 400',
      async (payload) => {
        expect((await post(payload)).statusCode).toBe(400);
      },
    );

    it('where none is read', async () => {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/sales/01890000-0000-7000-8000-000000000000/void',
        headers: { authorization: `Bearer ${keys.text.till}` },
        payload: { role: 'admin' },
      });

      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({
        errors: [{ pointer: '/role', code: 'unknown-field' }],
      });
    });
  });

  describe('refuses parameters', () => {
    it.each([
      ['limit=0', '/limit', 'min'],
      ['limit=201', '/limit', 'max'],
      ['limit=', '/limit', 'is-int'],
      ['limit=0x10', '/limit', 'is-int'],
      ['limit=5&limit=6', '/limit', 'repeated-parameter'],
      ['after[]=x', '/after[]', 'unknown-field'],
      ['after[$ne]=1', '/after[$ne]', 'unknown-field'],
      ['sort=id', '/sort', 'unknown-field'],
      ['after=%00', '/after', 'nul-character'],
    ])('?%s', async (query, pointer, code) => {
      const answer = await get(`/v1/sales?${query}`);

      expect(answer.statusCode).toBe(400);
      const { errors } = answer.json<{ errors: object[] }>();
      expect(errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ pointer, code, in: 'query' })]),
      );
    });

    it.each(['undefined', 'null', '0', '[]', '%7B%22$ne%22:1%7D', 'a%00b', "1' or '1'='1"])(
      'the id %s',
      async (id) => {
        expect((await get(`/v1/sales/${encodeURI(decodeURI(id))}`)).statusCode).toBe(400);
      },
    );

    it('that a route without any does not have', async () => {
      const answer = await get('/v1/sales/01890000-0000-7000-8000-000000000000?expand=all');

      expect(answer.statusCode).toBe(400);
    });
  });

  it('takes a form only where a form is taken', async () => {
    const form = (payload: string, type = 'application/x-www-form-urlencoded') =>
      app.inject({ method: 'POST', url: '/u/stop', headers: { 'content-type': type }, payload });

    expect((await form('List-Unsubscribe=One-Click')).json()).toEqual({
      'List-Unsubscribe': 'One-Click',
    });
    expect((await form('a=1&a=2')).statusCode).toBe(400);
    expect((await form('a=%00')).statusCode).toBe(400);
    expect((await form('{}', 'application/json')).statusCode).toBe(415);
    expect(
      (await post('orderId=1', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode,
    ).toBe(415);
  });

  it('hands the bytes of a callback over as they came', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/u/hook',
      headers: { 'content-type': 'image/png' },
      payload: Buffer.from([0, 255, 10]),
    });

    expect(answer.json()).toEqual({ bytes: 3 });
  });
});
