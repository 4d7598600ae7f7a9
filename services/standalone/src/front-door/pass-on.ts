import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  overloaded,
  problemBody,
  PROBLEM_JSON,
  traceIdOf,
  unavailable,
  type ProblemError,
} from '@regulars/http';

// Few enough to stay, whatever comes: a busy service accepts one new connection per turn of its event loop.
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Hands a request on to a service of its own process and streams the answer back. */
export function passOn(
  base: URL,
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs = 60_000,
): void {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
  );
  const onward = httpRequest(
    {
      agent,
      host: base.hostname,
      port: base.port,
      method: request.method,
      path: request.url,
      headers: { ...headers, 'x-forwarded-for': request.socket.remoteAddress ?? '' },
      timeout: timeoutMs,
    },
    (answer) => {
      response.writeHead(
        answer.statusCode ?? 502,
        Object.fromEntries(
          Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
        ),
      );
      answer.pipe(response);
      // A service that dies while it answers must not look like a complete answer.
      answer.on('error', () => response.destroy());
    },
  );
  onward.on('timeout', () => onward.destroy(new Error('timed out')));
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else answer(request, response, unavailable(NO_ANSWER, 1));
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

const NO_ANSWER =
  'The service does not answer. Whether the call had an effect is not known: send it again with the same key.';

/** Hands on so many requests at once and no more: what waits here for services that are slow must not fill our memory. */
export function passOnAtMost(most: number, onRefused: () => void): typeof passOn {
  let underWay = 0;
  return (base, request, response, timeoutMs) => {
    if (underWay >= most) {
      onRefused();
      answer(request, response, overloaded('More requests are under way than can be answered.', 1));
      return;
    }
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    passOn(base, request, response, timeoutMs);
  };
}

function answer(request: IncomingMessage, response: ServerResponse, problem: ProblemError): void {
  const where = { instance: request.url ?? '/', traceId: traceIdOf(request.headers.traceparent) };
  response
    .writeHead(problem.status, { ...problem.headers, 'content-type': PROBLEM_JSON })
    .end(JSON.stringify(problemBody(problem, where)));
}
