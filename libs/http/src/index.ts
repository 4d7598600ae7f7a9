export * from './api-key.js';
export * from './api-keys-file.js';
export * from './api-keys.js';
export * from './batch.js';
export { answerClientError } from './client-error.js';
export * from './create-http-app.js';
export * from './cursor.js';
export { serveDocs } from './docs-page.js';
export * from './http-entities.js';
export * from './http-options.js';
export { listRoutes, type HttpRoute } from './http-routes.js';
export * from './id.pipe.js';
export * from './idempotency.store.js';
export * from './idempotent-request.js';
export { escapePointer, UnreadableItem } from './json-body.js';
export * from './mutations.js';
export * from './openapi.js';
export * from './page.js';
export { answerProblem, PROBLEM_JSON } from './answer-problem.js';
export * from './problem-error.js';
export * from './problems.js';
export * from './query-fields.js';
export {
  answerWith,
  requestContext,
  type Answer,
  type HttpReply,
  type HttpRequest,
  type RequestContext,
  traceIdOf,
} from './request-context.js';
export {
  isScope,
  Public,
  RefusedUnderLoad,
  Scope,
  scopes,
  TakesBatch,
  TakesForm,
  TakesRaw,
  type RouteAccess,
  type ScopeName,
} from './scope.js';
