import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookSink {
  /** Settings that make the webhook channel live towards this sink. */
  readonly env: Record<string, string>;
  /** `webhook-id` of every request, in order. */
  readonly received: string[];
  /** Decides the answer of each request; accepts by default. */
  answer: (response: http.ServerResponse, id: string) => void;
  close(): void;
}

/** The company's own system at the other end of the webhook channel. */
export async function webhookSink(): Promise<WebhookSink> {
  const received: string[] = [];
  const sink: { answer: WebhookSink['answer'] } = { answer: (response) => response.end('ok') };
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      received.push(id);
      sink.answer(response, id);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(sink, {
    env: {
      REGULARS_WEBHOOK_URL: `http://127.0.0.1:${String(port)}/hook`,
      REGULARS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      REGULARS_OUTBOUND_ALLOW: `127.0.0.1:${String(port)}`,
    },
    received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}
