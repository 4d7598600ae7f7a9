import type { Cause } from '@regulars/contracts';
import { requestContext, type HttpRequest } from '@regulars/http';

/** What events inherit from the request that caused them. */
export function causeOfRequest(request: HttpRequest): Cause {
  const { correlationId, traceparent } = requestContext(request);
  return { correlationId, ...(traceparent === undefined ? {} : { trace: traceparent }) };
}
