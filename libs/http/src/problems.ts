import { ProblemError, type FieldProblem } from './problem-error.js';

/** No caller can use more than this many, and an attacker must not make us render a million. */
const MOST_ERRORS = 100;

/** 400: the request does not have the shape that the API describes. */
export function invalidRequest(errors: readonly FieldProblem[]): ProblemError {
  const first = errors[0];
  return new ProblemError({
    status: 400,
    code: 'invalid-request',
    title: 'The request is not valid',
    detail:
      first === undefined
        ? 'Send the request as the API describes it at /docs.'
        : `${first.message} Correct what "errors" lists and send the request again.`,
    errors: errors.slice(0, MOST_ERRORS),
  });
}

/** 400 with a code of its own, about one place of the request. */
export function badInput(
  code: string,
  detail: string,
  at: { readonly pointer: string; readonly in?: 'query' | 'path' | 'header' },
): ProblemError {
  return new ProblemError({
    status: 400,
    code,
    title: 'The request cannot be read',
    detail,
    errors: [{ ...at, code, message: detail }],
  });
}

/** 404: `what` in words ("customer", "campaign"). The same for ids that never were, are erased, or are not the caller's. */
export function notFound(what: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: `no-such-${what.replaceAll(' ', '-')}`,
    title: `There is no such ${what}`,
    detail: `No ${what} has this id. Check the id.`,
  });
}

/** 404 for a method and path that no route has. */
export function noSuchRoute(): ProblemError {
  return new ProblemError({
    status: 404,
    code: 'no-such-route',
    title: 'There is nothing here',
    detail: 'Check the method and the path; /docs lists both.',
  });
}

/** 409: the state of things forbids it now. */
export function conflict(
  code: string,
  title: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): ProblemError {
  return new ProblemError({ status: 409, code, title, detail, extensions });
}

/** 422: well-formed but impossible. */
export function impossible(
  code: string,
  title: string,
  detail: string,
  errors?: readonly FieldProblem[],
): ProblemError {
  return new ProblemError({
    status: 422,
    code,
    title,
    detail,
    ...(errors === undefined ? {} : { errors }),
  });
}

/** 503: try again after so many seconds. */
export function unavailable(detail: string, retryAfterSeconds = 5, cause?: unknown): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'unavailable',
    title: 'Not available right now',
    detail,
    headers: { 'retry-after': String(retryAfterSeconds) },
    cause,
  });
}

/** 503, said before anything was done: more has come than can be worked off. */
export function overloaded(detail: string, retryAfterSeconds: number): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'overloaded',
    title: 'Too much at once',
    detail: `${detail} Nothing was done. Wait for the seconds in Retry-After, then repeat the call.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}
