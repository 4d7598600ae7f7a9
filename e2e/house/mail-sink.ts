import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailSink {
  /** For REGULARS_SMTP_URL. */
  readonly url: string;
  /** The send key of every message that was taken, in the order of arrival, written down before it was answered. */
  readonly keys: readonly string[];
  close(): Promise<void>;
}

/** A real SMTP server: what it took is counted outside the house. */
export async function startMailSink(): Promise<MailSink> {
  const keys: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      stream.on('end', () => {
        keys.push(/^Message-ID: <(.+)@/im.exec(text)?.[1] ?? 'without a key');
        done();
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
    keys,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
