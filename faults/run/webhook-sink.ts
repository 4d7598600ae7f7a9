import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WebhookAnswer =
  'take' | 'server-error' | 'too-many' | 'drip' | 'hang' | 'reset' | 'error-in-200';

export interface Webhook {
  readonly sendKey: string;
  readonly customerId: string;
}

export interface WebhookSink {
  /** Settings that make the webhook channel live towards this sink. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const DRIP_MS = 500;

/** The company's own system; `onWebhook` hears of each call before it is answered, and says how. */
export async function startWebhookSink(
  onWebhook: (webhook: Webhook) => WebhookAnswer,
): Promise<WebhookSink> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { data } = JSON.parse(text) as { data: { customerId: string } };
      const sendKey = String(request.headers['webhook-id']);
      answers[onWebhook({ sendKey, customerId: data.customerId })](response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      REGULARS_WEBHOOK_URL: `http://127.0.0.1:${String(port)}/hook`,
      REGULARS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      REGULARS_OUTBOUND_ALLOW: `127.0.0.1:${String(port)}`,
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const answers: Readonly<Record<WebhookAnswer, (response: ServerResponse) => void>> = {
  take: (response) => response.end('ok'),
  'server-error': (response) => response.writeHead(500).end('not today'),
  'too-many': (response) => response.writeHead(429).end(),
  drip: (response) => {
    const drops = [...'slowly'];
    const drip = setInterval(() => {
      const drop = drops.shift();
      if (drop !== undefined && !response.destroyed) response.write(drop);
      else {
        clearInterval(drip);
        response.end();
      }
    }, DRIP_MS);
  },
  hang: () => undefined,
  reset: (response) => response.socket?.resetAndDestroy(),
  'error-in-200': (response) => response.end('{"error":"no such shop"}'),
};
