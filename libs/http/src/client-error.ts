import type { Socket } from 'node:net';
import { problemBody, ProblemError } from './problem-error.js';
import { PROBLEM_JSON } from './answer-problem.js';

/** Answers what is no HTTP at all (both lengths, broken chunks, endless headers), and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new ProblemError(KINDS[error.code ?? ''] ?? MALFORMED);
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    [
      `HTTP/1.1 ${String(problem.status)} ${problem.title}`,
      `content-type: ${PROBLEM_JSON}`,
      `content-length: ${String(Buffer.byteLength(body))}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

const MALFORMED = {
  status: 400,
  code: 'malformed',
  title: 'The request cannot be read',
  detail: 'Send a well-formed HTTP/1.1 request.',
};

const KINDS: Readonly<Record<string, typeof MALFORMED>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers-too-large',
    title: 'The headers are too large',
    detail: 'Send less than 16 kB of headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'too-slow',
    title: 'The request took too long to arrive',
    detail: 'Send the whole request at once.',
  },
};
