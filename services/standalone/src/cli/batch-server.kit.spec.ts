import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentBatch {
  readonly path: string;
  readonly items: Readonly<Record<string, unknown>>[];
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Speaks the batch API over real HTTP and remembers business keys; `before` may answer in its place. */
export class BatchServer {
  readonly batches: SentBatch[] = [];
  url = '';
  mostInFlight = 0;
  before: (batch: SentBatch, request: http.IncomingMessage) => Answer | 'hang-up' | undefined =
    () => undefined;
  private readonly known = new Set<string>();
  private inFlight = 0;
  private readonly server = http.createServer((request, response) => {
    void this.handle(request, response);
  });

  static async start(): Promise<BatchServer> {
    const server = new BatchServer();
    server.server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    server.url = `http://127.0.0.1:${String((server.server.address() as AddressInfo).port)}`;
    return server;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { items } = JSON.parse(text) as { items: SentBatch['items'] };
    const batch = { path: request.url ?? '', items };
    const answer = this.before(batch, request) ?? this.record(batch);
    this.inFlight -= 1;
    if (answer === 'hang-up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  }

  private record(batch: SentBatch): Answer {
    this.batches.push(batch);
    const items = batch.items.map((item, index) => {
      const key = `${String(item['source'])} ${String(item['orderId'] ?? item['externalId'])}`;
      if (item['orderId'] === 'refused') {
        const problem = { code: 'purchase-in-future', detail: 'The purchase lies in the future.' };
        return { index, status: 'rejected', problem };
      }
      const status = this.known.has(key) ? 'unchanged' : 'created';
      this.known.add(key);
      return { index, status, id: key };
    });
    return {
      status: items.some(({ status }) => status === 'rejected') ? 207 : 200,
      body: { items },
    };
  }
}
