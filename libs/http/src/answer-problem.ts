import { problemBody } from './problem-error.js';
import { requestContext, type HttpReply, type HttpRequest } from './request-context.js';
import { toProblem } from './to-problem.js';

export const PROBLEM_JSON = 'application/problem+json';

/** What is counted and logged of a refusal; its texts are for the caller. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly cause?: unknown;
}

/** Told about each refusal and failure that leaves, for the counter and the log. */
export interface ProblemListener {
  refused(request: HttpRequest, refusal: Refusal): void;
  failed(request: HttpRequest, error: unknown): void;
}

/** The one place where an error becomes an answer. */
export function answerProblem(
  thrown: unknown,
  request: HttpRequest,
  reply: HttpReply,
  listener?: ProblemListener,
): void {
  const problem = toProblem(thrown);
  const context = requestContext(request);
  const { traceId } = context;
  delete context.answer; // the answer of an effect that did not happen
  if (problem.status === 500) listener?.failed(request, thrown);
  else listener?.refused(request, problem);
  if (reply.sent) return;
  const retry = problem.status === 503 ? { 'retry-after': '5' } : {};
  void reply
    .code(problem.status)
    .headers({ ...retry, ...problem.headers, 'content-type': PROBLEM_JSON })
    // Bytes, so that neither a serializer nor a charset is added to what leaves.
    .send(Buffer.from(JSON.stringify(problemBody(problem, { instance: request.url, traceId }))));
}
