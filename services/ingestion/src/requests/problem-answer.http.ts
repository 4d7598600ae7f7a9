import {
  problemBody,
  requestContext,
  type Answer,
  type HttpRequest,
  type ProblemError,
} from '@regulars/http';

/** Where a problem document says it happened. */
export interface ProblemPlace {
  readonly instance: string;
  readonly traceId: string;
}

export function placeOf(request: HttpRequest): ProblemPlace {
  return { instance: request.url, traceId: requestContext(request).traceId };
}

/** A refusal as an answer that can be kept and given again. */
export function problemAnswer(problem: ProblemError, place: ProblemPlace): Answer {
  return {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
    body: problemBody(problem, place),
  };
}
