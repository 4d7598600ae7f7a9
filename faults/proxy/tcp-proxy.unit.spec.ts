import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { blackHole } from './trouble.ts';

/** A real server that answers with what it got. */
describe('a bad line', () => {
  let server: Server;
  let proxy: TcpProxy;
  let client: Socket;
  let atServer: Buffer;
  let answered: string;
  let failed: string | undefined;
  let closed: boolean;

  beforeEach(async () => {
    atServer = Buffer.alloc(0);
    answered = '';
    failed = undefined;
    closed = false;
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        atServer = Buffer.concat([atServer, bytes]);
        socket.write(bytes);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startTcpProxy({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    client = connect({ port: proxy.port, host: '127.0.0.1' });
    client.on('data', (bytes: Buffer) => (answered += bytes.toString()));
    client.on('error', (error: NodeJS.ErrnoException) => (failed = error.code));
    client.on('close', () => (closed = true));
    await once(client, 'connect');
  });
  afterEach(async () => {
    client.destroy();
    await eventually(() => closed);
    await proxy.close();
    const ended = once(server, 'close');
    server.close();
    await ended;
  });

  /** Sends and waits for all of it; milliseconds. */
  async function roundTrip(text: string): Promise<number> {
    const startedAt = performance.now();
    const before = answered.length;
    client.write(text);
    await eventually(() => answered.length === before + text.length);
    return performance.now() - startedAt;
  }

  it('passes everything on while nothing is wrong with it', async () => {
    await roundTrip('x'.repeat(300_000));
    expect(answered).toBe('x'.repeat(300_000));
    expect(proxy.counts).toMatchObject({ connections: 1, delayed: 0, cut: 0, reset: 0 });
  });

  it('delays, both ways, and no more when it is mended', async () => {
    proxy.trouble({ delayMs: 150 });
    expect(await roundTrip('slow')).toBeGreaterThanOrEqual(298);
    expect(proxy.counts.delayed).toBe(2);
    proxy.trouble({});
    await roundTrip('quick');
    expect(proxy.counts.delayed).toBe(2);
  });

  it('keeps the order of what it delays', async () => {
    const pieces = Array.from({ length: 20 }, (_, index) => `${String(index)},`);
    proxy.trouble({ stall: { share: 0.5, fromMs: 1, toMs: 20 } });
    for (const piece of pieces) {
      client.write(piece);
      await eventually(() => atServer.toString().endsWith(piece));
    }
    await eventually(() => answered === pieces.join(''));
    expect(proxy.counts.stalled).toBeGreaterThan(0);
  });

  it('hands on slices', async () => {
    proxy.trouble({ sliceBytes: 1_000 });
    await roundTrip('x'.repeat(10_000));
    expect(proxy.counts.pieces).toBeGreaterThanOrEqual(20);
  });

  it('is a black hole that gives back what it held', async () => {
    await roundTrip('known');
    proxy.trouble(blackHole);
    client.write('lost?');
    await eventually(() => proxy.counts.held === 1);
    expect(atServer.toString()).toBe('known');
    proxy.trouble({});
    await eventually(() => answered === 'knownlost?');
  });

  it('is half-open: the request arrives, the answer does not', async () => {
    proxy.trouble({ hold: ['to-client'] });
    client.write('request');
    await eventually(() => atServer.toString() === 'request' && proxy.counts.held === 1);
    expect(answered).toBe('');
    expect(closed).toBe(false);
  });

  it('cuts after so many bytes, none more', async () => {
    proxy.trouble({ cutAfterBytes: 5 });
    client.write('0123456789');
    await eventually(() => closed);
    expect(atServer.toString()).toBe('01234');
    expect(proxy.counts.cut).toBe(1);
  });

  it('resets what is open, and takes new connections', async () => {
    await roundTrip('before');
    expect(proxy.resetAll()).toBe(1);
    await eventually(() => closed);
    expect(failed).toBe('ECONNRESET');
    client = connect({ port: proxy.port, host: '127.0.0.1' });
    client.on('data', (bytes: Buffer) => (answered += bytes.toString()));
    await roundTrip('after');
  });

  it('resets some instead of passing', async () => {
    proxy.trouble({ resetShare: 1 });
    client.write('never');
    await eventually(() => closed);
    expect(atServer).toHaveLength(0);
  });

  it('passes an orderly end on, after what came before it', async () => {
    proxy.trouble({ delayMs: 50 });
    client.end('last words');
    await eventually(() => closed);
    expect(answered).toBe('last words');
    expect(failed).toBeUndefined();
  });
});
