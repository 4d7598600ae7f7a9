import { HttpException } from '@nestjs/common';
import { isDatabaseUnavailable, isUnstorableText } from './database-errors.js';
import { ProblemError } from './problem-error.js';
import { badInput, noSuchRoute, unavailable } from './problems.js';

/** Whatever was thrown, as what the caller may know of it. */
export function toProblem(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (isDatabaseUnavailable(thrown)) {
    return unavailable('Nothing was changed, or we cannot say. Repeat the call.', 5, thrown);
  }
  if (isUnstorableText(thrown)) {
    return badInput('nul-character', 'Text must not contain NUL characters.', { pointer: '' });
  }
  return fromFramework(thrown) ?? internal(thrown);
}

function internal(cause: unknown): ProblemError {
  return new ProblemError({
    status: 500,
    code: 'internal',
    title: 'Something went wrong on our side',
    detail: 'Repeat the call; if it fails again, tell the operator the traceId.',
    cause,
  });
}

/** Refusals of Fastify and Nest carry a status; their texts are for developers, so ours replace them. */
function fromFramework(thrown: unknown): ProblemError | undefined {
  const status = statusOf(thrown);
  if (status === undefined) return undefined;
  if (status === 404) return noSuchRoute();
  const known = FRAMEWORK[status];
  if (known !== undefined) return new ProblemError({ status, cause: thrown, ...known });
  if (status < 400 || status >= 500) return undefined;
  return new ProblemError({ status, cause: thrown, ...MALFORMED });
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { statusCode, code } = (thrown ?? {}) as { statusCode?: unknown; code?: unknown };
  const ofFastify = typeof code === 'string' && code.startsWith('FST_');
  return ofFastify && typeof statusCode === 'number' ? statusCode : undefined;
}

const MALFORMED = {
  code: 'malformed',
  title: 'The request cannot be read',
  detail: 'Send a well-formed HTTP request with a JSON body in UTF-8.',
};

const FRAMEWORK: Readonly<Record<number, { code: string; title: string; detail: string }>> = {
  400: MALFORMED,
  408: {
    code: 'too-slow',
    title: 'The request took too long to arrive',
    detail: 'Send the whole request at once.',
  },
  413: {
    code: 'too-large',
    title: 'The request is too large',
    detail: 'Send at most 5 MB per request; split a batch.',
  },
  414: {
    code: 'path-too-long',
    title: 'The path is too long',
    detail: 'Use ids as the API gave them.',
  },
  415: {
    code: 'unsupported-media-type',
    title: 'The content type is not supported',
    detail: 'Send JSON in UTF-8 with "content-type: application/json", not compressed.',
  },
  503: {
    code: 'unavailable',
    title: 'Not available right now',
    detail: 'The service is stopping. Repeat the call; another replica will answer.',
  },
};
