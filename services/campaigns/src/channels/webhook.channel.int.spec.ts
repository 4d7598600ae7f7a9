import { once } from 'node:events';
import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '@regulars/kernel';
import {
  failedForGood,
  failedForNow,
  mayRepeat,
  sent,
  unknown,
  type OutgoingMessage,
  type SendResult,
} from './channel.js';
import { parseAllowed } from './outbound-address.js';
import { OutboundHttpClient, type ResolveAll } from './outbound-http.client.js';
import { WebhookChannel } from './webhook.channel.js';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
  timers.mockClear();
});

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

type Answer = (response: http.ServerResponse, request: http.IncomingMessage) => void;

async function receiver(answer: Answer): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      answer(response, request);
    });
  });
  // Who closes an idle connection is a question to us.
  server.keepAliveTimeout = 0;
  return { port: await listen(server), received };
}

const secrets = [1, 2].map((n) => `whsec_${Buffer.alloc(32, n).toString('base64')}`);
/** Where the answer is to be judged, its time is no matter. */
const LONG_MS = 60_000;
const timers = jest.spyOn(globalThis, 'setTimeout');

/** The time of the send that is under way is over, however quickly it has come so far: all of it has one end. */
function timeIsUp(): void {
  const ends = timers.mock.calls.filter(([, ms]) => ms === LONG_MS);
  const [end] = ends[0] ?? [];
  if (!end || ends.length > 1) throw new Error(`A send has ${String(ends.length)} ends.`);
  end();
}

const seen = new WeakSet<net.Socket>();

/** Whether another message came by this connection. One is free for the next once its answer was read: after a few messages. */
function isKept({ socket }: http.IncomingMessage): boolean {
  const kept = seen.has(socket);
  seen.add(socket);
  return kept;
}

const soonKept = 100;

interface Setting {
  readonly allow?: string;
  readonly resolve?: ResolveAll;
}

function channel(url: string, { allow = '127.0.0.1', resolve }: Setting = {}): WebhookChannel {
  const limits = { timeoutMs: LONG_MS, mostAnswerBytes: 64 * 1024 };
  const client = new OutboundHttpClient(parseAllowed(allow), limits, resolve);
  return new WebhookChannel({ url, secrets }, client, systemClock);
}

const aMessage: OutgoingMessage = {
  sendKey: '01890000-0000-7000-8000-000000000001',
  to: { customerId: 'c' },
  text: '',
  json: { customerId: 'c', words: 'näher' },
};

const status =
  (code: number, headers = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();

describe('webhook', () => {
  it('is signed as Standard Webhooks says, with each secret, and keeps its id over retries', async () => {
    const { port, received } = await receiver(status(204));
    const webhook = channel(`http://127.0.0.1:${String(port)}/hook`);

    expect(await webhook.send(aMessage)).toEqual(sent());
    expect(await webhook.send(aMessage)).toEqual(sent());

    const [first, second] = received;
    if (!first || !second) throw new Error('Nothing was received.');
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(first.body, first.headers)).toEqual({
        type: 'touch',
        data: aMessage.json,
      });
    }
    expect(first.headers['webhook-id']).toBe(aMessage.sendKey);
    expect(second.headers['webhook-id']).toBe(aMessage.sendKey);
    expect(() => new Webhook(secrets[0] ?? '').verify(`${first.body} `, first.headers)).toThrow();
  });

  it.each([
    [200, {}, sent()],
    [400, {}, failedForGood('refused')],
    [410, {}, failedForGood('refused')],
    [408, {}, failedForNow('throttled')],
    [429, { 'retry-after': '7' }, failedForNow('throttled', 7_000)],
    [500, {}, failedForNow('provider-error')],
    [503, { 'retry-after': '999999999' }, failedForNow('provider-error', 86_400_000)],
  ])('judges the answer %i', async (code, headers, expected) => {
    const { port } = await receiver(status(code, headers));

    expect(await channel(`http://127.0.0.1:${String(port)}/`).send(aMessage)).toEqual(expected);
  });

  it('follows no redirect', async () => {
    const target = await receiver(status(200));
    const location = `http://127.0.0.1:${String(target.port)}/`;
    const { port } = await receiver(status(302, { location }));

    const result = await channel(`http://127.0.0.1:${String(port)}/`).send(aMessage);

    expect(result).toEqual(failedForGood('redirect-refused'));
    expect(target.received).toEqual([]);
  });

  it('may be repeated when nobody knows what became of it', async () => {
    const { port } = await receiver(timeIsUp);
    const webhook = channel(`http://127.0.0.1:${String(port)}/`);

    const result = await webhook.send(aMessage);

    expect(result).toEqual(unknown('answer-timeout'));
    expect(mayRepeat(result, webhook.policy)).toBe(true);
    expect(mayRepeat(result, 'at-most-once')).toBe(false);
  });

  it.each<[string, (socket: net.Socket) => void]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['says nothing and closes', (socket) => socket.end()],
    ['speaks another language', (socket) => socket.end('SSH-2.0-OpenSSH_9\r\n')],
    [
      'sends headers without end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x-a: bbbbbbbbbb\r\n'.repeat(5_000)}`),
    ],
  ])('does not know what became of it when the receiver %s', async (_name, misbehave) => {
    const server = net.createServer((socket) => socket.once('data', () => misbehave(socket)));
    const port = await listen(server);

    const result = await channel(`http://127.0.0.1:${String(port)}/`).send(aMessage);

    expect(result).toEqual(unknown('connection-broken'));
  });

  it('waits no longer for a receiver that answers a byte at a time', async () => {
    const answer = 'HTTP/1.1 200 OK';
    let bytes = 0;
    const server = net.createServer((socket) => {
      const drip = setInterval(() => {
        socket.write(answer.charAt(bytes));
        bytes += 1;
        // Were the time counted from the last byte, it would have begun anew, or would never end.
        if (bytes === answer.length) timeIsUp();
      }, 20);
      socket.on('close', () => {
        clearInterval(drip);
      });
    });
    const port = await listen(server);

    const result = await channel(`http://127.0.0.1:${String(port)}/`).send(aMessage);

    expect(result).toEqual(unknown('answer-timeout'));
    expect(bytes).toBe(answer.length);
  });

  it('cuts an answer without end, and has judged it by its head', async () => {
    const cut = Promise.withResolvers<number>();
    const { port } = await receiver((response) => {
      let written = 0;
      const chunk = Buffer.alloc(16_384);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more).on('close', () => {
        cut.resolve(written);
      });
      response.writeHead(200);
      more();
    });

    expect(await channel(`http://127.0.0.1:${String(port)}/`).send(aMessage)).toEqual(sent());
    expect(await cut.promise).toBeLessThan(50_000_000);
  });

  it('keeps its connection for the next message, and closes it when none comes', async () => {
    const kept: net.Socket[] = [];
    const { port } = await receiver((response, request) => {
      if (isKept(request)) kept.push(request.socket);
      response.end();
    });
    const webhook = channel(`http://127.0.0.1:${String(port)}/`);

    for (let sends = 0; kept.length === 0 && sends < soonKept; sends += 1)
      expect(await webhook.send(aMessage)).toEqual(sent());

    expect(kept).toHaveLength(1);
    await Promise.all(kept.map((socket) => once(socket, 'close')));
  });

  it.each<[string, SendResult, (request: http.IncomingMessage) => void]>([
    ['breaks', unknown('connection-broken'), ({ socket }) => socket.resetAndDestroy()],
    ['is answered no more', unknown('answer-timeout'), timeIsUp],
  ])('is tried no second time at once when the kept connection %s', async (_, expected, end) => {
    const { port, received } = await receiver((response, request) => {
      if (isKept(request)) end(request);
      else response.end();
    });
    const webhook = channel(`http://127.0.0.1:${String(port)}/`);

    let sends = 1;
    let result = await webhook.send(aMessage);
    for (; result.kind === 'sent' && sends < soonKept; sends += 1) {
      timers.mockClear();
      result = await webhook.send(aMessage);
    }

    expect(result).toEqual(expected);
    expect(received).toHaveLength(sends);
  });

  it('tells a refused connection and an unknown host', async () => {
    const server = net.createServer();
    const port = await listen(server);
    server.close();

    const nobody = channel(`http://127.0.0.1:${String(port)}/`);
    const nowhere = channel('https://no-such-host.invalid/');

    expect(await nobody.send(aMessage)).toEqual(failedForNow('connection-refused'));
    expect(await nowhere.send(aMessage)).toEqual(failedForNow('host-not-found'));
  });

  it('does not speak to a receiver without valid TLS', async () => {
    const { port, received } = await receiver(status(200));

    const result = await channel(`https://127.0.0.1:${String(port)}/`).send(aMessage);

    expect(result).toEqual(failedForNow('tls-failed'));
    expect(received).toEqual([]);
  });
});

describe('the address of a webhook', () => {
  const answer =
    (...addresses: string[]): ResolveAll =>
    (_host, done) => {
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: net.isIP(address) })),
      );
    };

  async function silentListener(): Promise<{ port: number; connections: () => number }> {
    let connections = 0;
    const server = net.createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    return { port: await listen(server), connections: () => connections };
  }

  it.each([
    ['a name that is this machine', 'localhost', undefined],
    ['a name that resolves to a private address', 'hooks.example', answer('127.0.0.1')],
    [
      'a name with one private address among public ones',
      'hooks.example',
      answer('8.8.8.8', '127.0.0.1'),
    ],
    ['a name that resolves to a mapped address', 'hooks.example', answer('::ffff:127.0.0.1')],
    ['a name that resolves to nothing', 'hooks.example', answer()],
  ])('is refused before any packet: %s', async (_name, host, resolve) => {
    const listener = await silentListener();
    const setting = { allow: '10.0.0.1', ...(resolve && { resolve }) };
    const webhook = channel(`https://${host}:${String(listener.port)}/`, setting);

    expect(await webhook.send(aMessage)).toEqual(failedForGood('address-not-allowed'));
    expect(listener.connections()).toBe(0);
  });

  it('is judged again at every connection, so that a name cannot change its mind', async () => {
    const listener = await silentListener();
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const rebinding: ResolveAll = (host, done) => {
      answer(...(answers.shift() ?? []))(host, done);
    };
    // The first look-up is the attacker's alibi; ours is the one that the connection uses.
    rebinding('hooks.example', () => undefined);
    const webhook = channel(`https://hooks.example:${String(listener.port)}/`, {
      allow: '',
      resolve: rebinding,
    });

    expect(await webhook.send(aMessage)).toEqual(failedForGood('address-not-allowed'));
    expect(listener.connections()).toBe(0);
  });

  it('may be private where the operator listed it', async () => {
    const { port, received } = await receiver(status(200));
    const webhook = channel(`http://receiver.internal:${String(port)}/`, {
      allow: `127.0.0.1:${String(port)}`,
      resolve: answer('127.0.0.1'),
    });

    expect(await webhook.send(aMessage)).toEqual(sent());
    expect(received).toHaveLength(1);
  });
});
