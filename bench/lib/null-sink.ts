import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface NullSink {
  /** Settings that make the webhook channel live towards it. */
  readonly env: Readonly<Record<string, string>>;
  received(): number;
  close(): void;
}

/** The other end of the webhook channel: accepts, counts, forgets. */
export async function nullSink(): Promise<NullSink> {
  let received = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      received += 1;
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      REGULARS_WEBHOOK_URL: `http://127.0.0.1:${String(port)}/`,
      REGULARS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      REGULARS_OUTBOUND_ALLOW: `127.0.0.1:${String(port)}`,
    },
    received: () => received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
