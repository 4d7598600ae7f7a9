import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailSink {
  /** For REGULARS_SMTP_URL. */
  readonly url: string;
  close(): Promise<void>;
}

/** A message that was taken. */
export interface Mail {
  readonly sendKey: string;
  readonly address: string;
  /** Head and body as they came, long lines joined. */
  readonly text: string;
}

/** How the server ends a message: taken, refused for now or for good, late, or without any answer. */
export type MailAnswer = 'take' | 'put-off' | 'refuse' | 'drip' | 'hang';

const refusals = { 'put-off': 451, refuse: 550 } as const;
const DRIP_MS = 3_000;

/** A real SMTP server; `onMail` hears of each message before it is answered, and says how. */
export async function startMailSink(onMail: (mail: Mail) => MailAnswer): Promise<MailSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const answer = onMail({
          sendKey: /^Message-ID: <(.+)@/im.exec(text)?.[1] ?? 'without a key',
          address: session.envelope.rcptTo.map(({ address }) => address).join(' '),
          text: text.replaceAll(/=\r?\n/g, ''),
        });
        if (answer === 'take') done();
        else if (answer === 'drip') setTimeout(done, DRIP_MS);
        else if (answer !== 'hang')
          done(Object.assign(new Error('Not now, or never.'), { responseCode: refusals[answer] }));
      });
    },
  });
  // A client that is killed leaves its connection broken.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${String(port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
