import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AllowedAddress } from './outbound-address.js';
import { checkUrl, mayConnect, type Destination } from './outbound-url.js';

export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a POST. `handedOver`: the other side may have read it, so nobody can call it undone. */
export type OutboundOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'not-allowed' }
  | {
      readonly kind: 'broken';
      readonly handedOver: boolean;
      readonly timedOut: boolean;
      readonly code: string;
    };

export type ResolveAll = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface OutboundLimits {
  /** From the look-up to the answer's head. */
  readonly timeoutMs: number;
  /** Of the answer's body, which nobody needs; beyond it the connection is cut. */
  readonly mostAnswerBytes: number;
}

/** Short of what any receiver closes an idle connection after: it is kept for the next message of a wave. */
const IDLE_MS = 1_000;
const defaultLimits: OutboundLimits = { timeoutMs: 10_000, mostAnswerBytes: 64 * 1024 };
const MOST_HEADER_BYTES = 16 * 1024;

class NotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/**
 * The only way out over HTTP. The address is checked as it is connected to, after the look-up and on the
 * same answer, so that a name that turns private between two look-ups meets the check too; a connection that is kept leads
 * where it was judged. No redirects, no decompression; time and size have an end. Nothing is tried again here, also where a
 * kept connection was about to be closed: how often and when, the schedule of the touch says.
 */
export class OutboundHttpClient {
  private readonly agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: IDLE_MS }),
    'https:': new https.Agent({ keepAlive: true, timeout: IDLE_MS }),
  };

  constructor(
    private readonly allowed: readonly AllowedAddress[],
    private readonly limits: OutboundLimits = defaultLimits,
    private readonly resolve: ResolveAll = resolveAll,
  ) {}

  async post(request: OutboundRequest): Promise<OutboundOutcome> {
    const destination = checkUrl(request.url, this.allowed);
    if (!destination.ok) return { kind: 'not-allowed' };
    return new Promise((settle) => {
      this.start(destination.value, request, settle);
    });
  }

  private start(
    destination: Destination,
    { headers, body }: OutboundRequest,
    settle: (outcome: OutboundOutcome) => void,
  ): void {
    let handedOver = false;
    let timedOut = false;
    const secure = destination.url.protocol === 'https:';
    const send = secure ? https.request : http.request;
    const request = send(destination.url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: this.agents[secure ? 'https:' : 'http:'],
      maxHeaderSize: MOST_HEADER_BYTES,
      lookup: this.checkedLookup(destination),
    });
    const deadline = setTimeout(() => {
      timedOut = true;
      request.destroy();
    }, this.limits.timeoutMs);
    request.on('socket', (socket) => {
      // From here on bytes of ours are under way. TLS before it: a failed handshake carries nothing.
      if (request.reusedSocket) handedOver = true;
      else socket.once(secure ? 'secureConnect' : 'connect', () => (handedOver = true));
    });
    request.on('response', (response) => {
      settle(answerOf(response));
      drain(response, this.limits.mostAnswerBytes);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = timedOut ? 'ETIMEDOUT' : (error.code ?? 'UNKNOWN');
      if (error instanceof NotAllowed) settle({ kind: 'not-allowed' });
      else settle({ kind: 'broken', handedOver, timedOut, code });
    });
    request.on('close', () => {
      clearTimeout(deadline);
      // A server may close without an answer and without an error; a promise must never hang on it.
      settle({ kind: 'broken', handedOver, timedOut, code: 'CLOSED' });
    });
    request.end(body);
  }

  /** Names only: for a literal address no look-up is made, and {@link checkUrl} has judged it. */
  private checkedLookup(destination: Destination): LookupFunction {
    return (host, options, done) => {
      this.resolve(host, (error, addresses) => {
        if (error) {
          done(error, '', 0);
          return;
        }
        // One private address among public ones is enough to refuse: which one is tried is not ours to choose.
        const fine =
          addresses.length > 0 &&
          addresses.every(
            ({ address }) => isIP(address) !== 0 && mayConnect(destination, address, this.allowed),
          );
        const first = addresses[0];
        if (!fine || !first) done(new NotAllowed('This address is not allowed.'), '', 0);
        else if (options.all === true) done(null, addresses);
        else done(null, first.address, first.family);
      });
    };
  }
}

const resolveAll: ResolveAll = (host, done) => {
  systemLookup(host, { all: true }, done);
};

function answerOf(response: http.IncomingMessage): OutboundOutcome {
  const status = response.statusCode ?? 0;
  const retryAfter = response.headers['retry-after'];
  return retryAfter === undefined
    ? { kind: 'answered', status }
    : { kind: 'answered', status, retryAfter };
}

/** Reads a small answer to its end, so that the receiver sees a clean close, and cuts a large one. */
function drain(response: http.IncomingMessage, mostBytes: number): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) response.destroy();
  });
  // The head has been judged; what breaks after it changes nothing.
  response.on('error', () => undefined);
}
