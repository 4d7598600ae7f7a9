import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { failedForGood, failedForNow, sent, unknown, type OutgoingMessage } from './channel.js';
import type { EmailConfig } from './channels.config.js';
import { EmailChannel } from './email.channel.js';
import { defaultSmtpLimits, type SmtpLimits } from './smtp-pool.client.js';

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Longer than any other limit of a session. */
const SEND_MS = 40_000;
const timers = jest.spyOn(globalThis, 'setTimeout');

/** The time of the send that is under way is over, however quickly it has come so far. */
function timeIsUp(): void {
  const [end] = timers.mock.calls.findLast(([, ms = 0]) => ms > SEND_MS / 2) ?? [];
  if (!end) throw new Error('A send has no end.');
  end();
}

interface Server {
  readonly port: number;
  readonly received: string[];
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

/** A real SMTP server; only its manners are ours. */
async function server(options: SMTPServerOptions = {}): Promise<Server> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        received.push(text);
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  smtp.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => {
      smtp.close(done);
    });
  };
  const made = { port: (smtp.server.address() as AddressInfo).port, received, sockets, close };
  open.push(made);
  return made;
}

function channel(port: number, over: Partial<EmailConfig & SmtpLimits> = {}): EmailChannel {
  const config: EmailConfig = {
    host: '127.0.0.1',
    port,
    secure: false,
    requireTls: false,
    from: { address: 'hello@shop.example', name: 'Corner Shop' },
    ...over,
  };
  const made = new EmailChannel(config, { ...defaultSmtpLimits, ...over });
  open.push(made);
  return made;
}

function aMessage(n = 1): OutgoingMessage {
  return {
    sendKey: `key-${String(n)}`,
    to: { customerId: 'c', email: 'ada@example.org' },
    subject: 'Soon time again?',
    text: 'Hello Ada',
  };
}

const reply = (responseCode: number) => Object.assign(new Error('no'), { responseCode });

describe('e-mail over SMTP', () => {
  it('hands a message over, once, and keeps the connection for the next', async () => {
    const smtp = await server();
    const email = channel(smtp.port);

    expect(await email.send(aMessage(1))).toEqual(sent('<key-1@shop.example>'));
    expect(await email.send(aMessage(2))).toEqual(sent('<key-2@shop.example>'));

    expect(smtp.received).toHaveLength(2);
    expect(smtp.received[0]).toContain('Message-ID: <key-1@shop.example>');
    expect(smtp.sockets.size).toBe(1);
  });

  it('signs in', async () => {
    const users: (string | undefined)[] = [];
    const smtp = await server({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        users.push(username);
        if (password === 'right') done(null, { user: username });
        else done(reply(535));
      },
    });

    const right = await channel(smtp.port, { user: 'u', password: 'right' }).send(aMessage());
    const wrong = await channel(smtp.port, { user: 'u', password: 'wrong' }).send(aMessage());

    expect(right.kind).toBe('sent');
    expect(wrong).toEqual(failedForNow('sign-in-refused'));
    expect(users[0]).toBe('u');
  });

  it.each([
    ['onMailFrom', 451, failedForNow('refused-for-now')],
    ['onMailFrom', 550, failedForGood('refused')],
    ['onRcptTo', 450, failedForNow('refused-for-now')],
    ['onRcptTo', 550, failedForGood('address-refused')],
  ] as const)('takes %s %i for certain', async (hook, code, expected) => {
    const smtp = await server({
      [hook]: (_address: unknown, _session: unknown, done: (error: Error) => void) => {
        done(reply(code));
      },
    });

    expect(await channel(smtp.port).send(aMessage())).toEqual(expected);
    expect(smtp.received).toEqual([]);
  });

  it.each([
    [451, failedForNow('refused-for-now')],
    [421, failedForNow('throttled')],
    [554, failedForGood('content-refused')],
  ])('takes the reply %i to the content for certain', async (code, expected) => {
    const smtp = await server({
      onData(stream, _session, done) {
        stream.resume().on('end', () => {
          done(reply(code));
        });
      },
    });

    expect(await channel(smtp.port).send(aMessage())).toEqual(expected);
  });

  it('does not know what became of a message whose connection broke within the content', async () => {
    const smtp = await server({
      onData(stream) {
        stream.once('data', () => {
          for (const socket of smtp.sockets) socket.destroy();
        });
      },
    });

    expect(await channel(smtp.port).send(aMessage())).toEqual(unknown('connection-broken'));
  });

  it('does not know what became of a message whose answer never came', async () => {
    const smtp = await server({
      onData(stream) {
        stream.once('data', timeIsUp).resume();
      },
    });

    const result = await channel(smtp.port, { sendMs: SEND_MS }).send(aMessage());

    expect(result).toEqual(unknown('answer-timeout'));
  });

  it('knows that nothing left when the server falls silent before the content', async () => {
    const smtp = await server({ onRcptTo: timeIsUp });

    const result = await channel(smtp.port, { sendMs: SEND_MS }).send(aMessage());

    expect(result).toEqual(failedForNow('connect-timeout'));
  });

  it('knows that nothing left when the connection breaks before the content', async () => {
    const smtp = await server({
      onRcptTo: () => {
        for (const socket of smtp.sockets) socket.destroy();
      },
    });

    expect(await channel(smtp.port).send(aMessage())).toEqual(failedForNow('connection-lost'));
  });

  it('tells a refused connection from an unknown host', async () => {
    const smtp = await server();
    await smtp.close();
    const nobody = channel(smtp.port);
    // A resolver may take longer to know nothing than a send may take.
    const nowhere = channel(25, {
      host: 'no-such-host.invalid',
      connectMs: SEND_MS,
      sendMs: SEND_MS,
    });

    expect(await nobody.send(aMessage())).toEqual(failedForNow('connection-refused'));
    expect(await nowhere.send(aMessage())).toEqual(failedForNow('host-not-found'));
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const smtp = await server({ disabledCommands: [] });

    expect(await channel(smtp.port).send(aMessage())).toEqual(failedForNow('tls-failed'));
  });

  it('sends no password where encryption is wanted and missing', async () => {
    let asked = false;
    const smtp = await server({
      allowInsecureAuth: true,
      onAuth(_auth, _session, done) {
        asked = true;
        done(null, { user: 'u' });
      },
    });

    const result = await channel(smtp.port, { user: 'u', password: 'p', requireTls: true }).send(
      aMessage(),
    );

    expect(result.kind).toBe('failed');
    expect(asked).toBe(false);
  });

  it('takes a new connection when the server closed the kept one', async () => {
    const smtp = await server();
    const email = channel(smtp.port);
    await email.send(aMessage(1));
    for (const socket of smtp.sockets) socket.destroy();

    expect((await email.send(aMessage(2))).kind).toBe('sent');
    expect(smtp.received).toHaveLength(2);
  });

  it('opens no more connections than allowed, and serves everybody', async () => {
    const smtp = await server();
    const email = channel(smtp.port, { sessions: 2 });
    let most = 0;

    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const result = await email.send(aMessage(n));
        most = Math.max(most, smtp.sockets.size);
        return result.kind;
      }),
    );

    expect(results).toEqual(Array(20).fill('sent'));
    expect(new Set(smtp.received.map((mail) => /Message-ID: (\S+)/.exec(mail)?.[1])).size).toBe(20);
    expect(most).toBeLessThanOrEqual(2);
  });
});
