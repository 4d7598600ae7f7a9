import { invalidRequest, ProblemError } from '@regulars/http';
import { refusalTitles, type Refusal } from './refusal.js';

/** A refusal as the problem document that the caller gets. */
export function toProblem(refusal: Refusal): ProblemError {
  const { code, errors, extensions } = refusal;
  if (code === 'invalid-request') return invalidRequest(errors ?? []);
  return new ProblemError({
    status: refusal.status,
    code,
    title: refusalTitles[code],
    detail: refusal.detail,
    ...(errors === undefined ? {} : { errors }),
    ...(extensions === undefined ? {} : { extensions }),
  });
}
