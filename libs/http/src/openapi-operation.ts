import type { OpenAPIObject } from '@nestjs/swagger';
import type { HttpRoute } from './http-routes.js';

type PathItem = NonNullable<OpenAPIObject['paths'][string]>;
export type Operation = NonNullable<PathItem['get']>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Adds what the conventions give to every route of its kind: key, `Idempotency-Key`, problems. */
export function describeOperation(operation: Operation, route: HttpRoute): void {
  const { access } = route;
  const open = access?.public === true;
  const mutating = MUTATING.has(route.method);
  if (!open) {
    operation.security = [{ key: [] }];
    operation.description = [operation.description, scopeText(access?.scopes ?? [])]
      .filter((text) => text !== undefined && text !== '')
      .join('\n\n');
  }
  if (access?.yields === true) {
    operation.description = [operation.description, YIELDS_TEXT].join('\n\n');
  }
  if (mutating && !open) {
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  }
  for (const status of problemsOf(route, open, mutating)) {
    operation.responses[status] ??= problemResponse(status);
  }
}

const MUTATING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes the call repeatable for 24 h: a repetition gets the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};

const YIELDS_TEXT =
  'Under overload: 503 with the code `overloaded` and `Retry-After`, before anything is done.';

function scopeText(scopes: readonly string[]): string {
  return `Needs a key with the scope ${scopes.map((scope) => `\`${scope}\``).join(' or ')}.`;
}

function problemsOf(route: HttpRoute, open: boolean, mutating: boolean): string[] {
  return [
    '400',
    ...(open ? [] : ['401', '403']),
    ...(route.path.includes(':') ? ['404'] : []),
    ...(mutating ? ['409', '413', '415', '422'] : []),
    ...(route.access?.limited === false ? [] : ['429']),
    '503',
  ];
}

function problemResponse(status: string) {
  return {
    description: DESCRIPTIONS[status] ?? 'Refused',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '400': 'Malformed: `errors` says where',
  '401': 'No key, or not a good one',
  '403': 'The key lacks the scope',
  '404': 'There is no such thing',
  '409': 'The state of things forbids it, or the first call is still running',
  '413': 'Larger than 5 MB',
  '415': 'Not JSON in UTF-8',
  '422': 'Well-formed but impossible, or the Idempotency-Key belongs to another call',
  '429': 'Too many requests: wait for Retry-After',
  '503': 'Not available right now: wait for Retry-After',
};

/** RFC 9457, with our members. */
export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'The page about this kind of problem.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do.' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'Stable; branch on it.' },
    traceId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the part named by `in`.' },
          code: { type: 'string' },
          message: { type: 'string' },
          in: {
            type: 'string',
            enum: ['query', 'path', 'header'],
            description: 'Body when absent.',
          },
        },
      },
    },
  },
};
