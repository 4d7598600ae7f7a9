import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  problemBody,
  PROBLEM_JSON,
  traceIdOf,
  unavailable as serviceUnavailable,
} from '@regulars/http';

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
    else unavailable(request, response);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function unavailable(request: IncomingMessage, response: ServerResponse): void {
  const problem = serviceUnavailable(
    'The service does not answer. Whether the call had an effect is not known: send it again with the same key.',
    1,
  );
  const where = { instance: request.url ?? '/', traceId: traceIdOf(request.headers.traceparent) };
  response
    .writeHead(problem.status, { ...problem.headers, 'content-type': PROBLEM_JSON })
    .end(JSON.stringify(problemBody(problem, where)));
}
