import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface NullSink {
  /** Settings that make the webhook channel live towards it. */
  readonly env: Readonly<Record<string, string>>;
  received(): number;
  close(): void;
}

/** The other end of the webhook channel: accepts, counts, forgets; tells of whom where somebody asks. */
export async function nullSink(onTouch?: (customerId: string) => void): Promise<NullSink> {
  let received = 0;
  const server = http.createServer((request, response) => {
    const taken = (): void => {
      received += 1;
      response.end();
    };
    if (onTouch)
      void json(request).then((body) => {
        onTouch((body as { data: { customerId: string } }).data.customerId);
        taken();
      });
    else request.resume().once('end', taken);
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
