import { escapePointer } from './json-body.js';
import { invalidRequest } from './problems.js';
import type { FieldProblem } from './problem-error.js';
import type { HttpRequest } from './request-context.js';
import type { RouteAccess } from './scope.js';
import { checkText } from './text-check.js';

/** Query and path before any handler: each parameter once, known, text that can be stored. */
export function checkParameters(request: HttpRequest, access: RouteAccess): void {
  for (const [name, value] of Object.entries(request.query ?? {})) {
    const at = { pointer: `/${escapePointer(name)}`, in: 'query' as const };
    checkText(name, at);
    if (Array.isArray(value)) throw invalidRequest([repeated(name, at)]);
    // `id[]=` and `filter[$ne]=` are lists and objects in other frameworks; here they would pass unseen.
    const plain = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name);
    const known = access.public || access.query === 'checked' || access.query.includes(name);
    if (!plain || !known) throw invalidRequest([unknownName(name, at)]);
    checkText(String(value), at);
  }
  for (const [name, value] of Object.entries(request.params ?? {})) {
    checkText(String(value), { pointer: `/${escapePointer(name)}`, in: 'path' });
  }
}

type Place = Pick<FieldProblem, 'pointer' | 'in'>;

function repeated(name: string, at: Place): FieldProblem {
  const message = `Send the parameter "${name.slice(0, 64)}" once.`;
  return { ...at, code: 'repeated-parameter', message };
}

function unknownName(name: string, at: Place): FieldProblem {
  const message = `There is no parameter "${name.slice(0, 64)}".`;
  return { ...at, code: 'unknown-field', message };
}
