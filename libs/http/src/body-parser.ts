import type { FastifyInstance } from 'fastify';
import { parseBatchBody, parseJsonBody } from './json-body.js';
import { ProblemError } from './problem-error.js';
import { badInput, invalidRequest } from './problems.js';
import type { HttpRequest } from './request-context.js';
import { accessOf } from './route-access.js';
import type { RouteAccess } from './scope.js';
import { checkText } from './text-check.js';

/** One parser for all content types; {@link checkContentType} has refused what the route does not take. */
export function useBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, parseBody(request, bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** 415 before the body is read: another type than the route's, another charset than UTF-8, anything compressed. */
export function checkContentType(request: HttpRequest, access: RouteAccess): void {
  const { 'content-type': type, 'content-encoding': encoding, ...rest } = request.headers;
  const length = rest['content-length'];
  const empty = rest['transfer-encoding'] === undefined && (length === undefined || length === '0');
  if (empty) return;
  const plain = encoding === undefined || encoding === 'identity';
  if (plain && (access.body === 'raw' || TYPES[access.body].test(type ?? ''))) return;
  throw new ProblemError({
    status: 415,
    code: 'unsupported-media-type',
    title: 'The content type is not supported',
    detail:
      access.body === 'form'
        ? 'Send a form with "content-type: application/x-www-form-urlencoded".'
        : 'Send JSON in UTF-8 with "content-type: application/json", not compressed.',
  });
}

const JSON_TYPE = /^application\/json(?: *; *charset="?utf-?8"?)? *$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded(?: *; *charset="?utf-?8"?)? *$/i;
const TYPES = { none: JSON_TYPE, json: JSON_TYPE, batch: JSON_TYPE, form: FORM_TYPE };

function parseBody(request: HttpRequest, bytes: Buffer): unknown {
  const body = accessOf(request.routeOptions.config)?.body ?? 'json';
  if (body === 'raw') return bytes;
  if (body === 'form') return parseForm(bytes);
  return body === 'batch' ? parseBatchBody(bytes) : parseJsonBody(bytes);
}

/** Fields of a form, each once. */
function parseForm(bytes: Buffer): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(bytes.toString('utf8'))) {
    const at = { pointer: `/${name}` };
    checkText(name, at);
    checkText(value, at);
    if (fields.has(name) || name === '__proto__') {
      throw badInput('repeated-field', 'Send each field of a form once.', at);
    }
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** 400 for content where none is read: it would be dropped in silence. */
export function checkNoBody(request: HttpRequest, access: RouteAccess): void {
  const { body } = request;
  if (access.body !== 'none' || body === undefined || body === null) return;
  const names = typeof body === 'object' ? Object.keys(body) : [''];
  if (names.length === 0) return;
  throw invalidRequest(
    names.slice(0, 100).map((name) => ({
      pointer: name === '' ? '' : `/${name}`,
      code: 'unknown-field',
      message: 'This call takes no body.',
    })),
  );
}
