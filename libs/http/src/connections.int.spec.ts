import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { shopApp } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

const PUBLIC_ROUTE = {
  config: { access: { scopes: [], public: true, limited: false, body: 'none', query: 'checked' } },
} as const;
// No route of these tests reaches the database.
const noDatabase = Object.create(Database.prototype) as Database;

describe('on a real connection', () => {
  let keys: TestKeys;
  let app: NestFastifyApplication | undefined;
  let server: Server | undefined;

  beforeEach(async () => {
    keys = await testKeys();
  });
  afterEach(async () => {
    server?.close();
    server = undefined;
    await app?.close();
    await keys.remove();
  });

  async function start(): Promise<NestFastifyApplication> {
    app = await shopApp({ database: noDatabase, apiKeys: keys.keys });
    return app;
  }

  it('works behind a server of somebody else, without listening', async () => {
    const shop = await start();
    const instance = shop.getHttpAdapter().getInstance();
    server = createServer((request, response) => {
      instance.routing(request, response);
    });
    const port = await portOf(server.listen(0, '127.0.0.1'));

    const answer = await fetch(`http://127.0.0.1:${String(port)}/health/live`);
    expect(await answer.json()).toEqual({ status: 'live' });
  });

  it.each([
    [
      'both lengths',
      'POST /u/hook HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['endless headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('answers %s with a problem and hangs up', async (_what, bytes, status) => {
    const shop = await start();
    await shop.listen(0, '127.0.0.1');
    const port = await portOf(shop.getHttpServer());

    const answer = await rawExchange(port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(answer).toContain('application/problem+json');
  });

  it('answers what is under way when it is stopped', async () => {
    const shop = await start();
    await shop.listen(0, '127.0.0.1');
    const port = await portOf(shop.getHttpServer());
    const socket = connect(port, '127.0.0.1');
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('close', () => {
      resolve(text);
    });
    const { promise: received, resolve: receive } = Promise.withResolvers<undefined>();
    shop.getHttpServer().once('request', () => {
      receive(undefined);
    });
    socket.write(
      'POST /u/hook HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 4\r\n\r\nab',
    );
    await received;
    const closed = shop.close();
    app = undefined;
    socket.write('cd');

    expect(await answer).toContain('{"bytes":4}');
    expect(await answer).toContain('connection: close');
    await closed;
  });

  it('does not wait for a client that was promised its connection before the stop', async () => {
    const body = new PassThrough();
    app = await shopApp({
      database: noDatabase,
      apiKeys: keys.keys,
      beforeInit: (fastify) =>
        fastify.get('/slow', PUBLIC_ROUTE, (_request, reply) => reply.send(body)),
    });
    const shop = app;
    await shop.listen(0, '127.0.0.1');
    const socket = connect(await portOf(shop.getHttpServer()), '127.0.0.1');
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    socket.on('data', () => {
      begin(undefined);
    });
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    body.write('first');
    await begun;
    let closed = false;
    const closing = shop.close().finally(() => {
      closed = true;
    });
    app = undefined;
    await eventually(() => !listening(shop));
    body.end('last');

    // Without the sweep: 72 s later.
    await eventually(() => closed, { withinMs: 40_000 });
    await closing;
  });
});

function listening(app: NestFastifyApplication): boolean {
  return app.getHttpServer().listening;
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.once('listening', () => {
      resolve(undefined);
    });
    await promise;
  }
  return (server.address() as AddressInfo).port;
}

function rawExchange(port: number, bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('close', () => {
    resolve(text);
  });
  // Who hangs up before he has read all resets the connection; what he answered counts.
  socket.on('error', () => undefined);
  return promise;
}
