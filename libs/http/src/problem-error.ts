import { RegularsError } from '@regulars/kernel';

/** Where a reader of an error finds its page: the `type` of a problem is this and its code. */
export const PROBLEM_PAGES = 'https://regulars.example/problems';

/** One field that is wrong. `pointer` is a JSON pointer (RFC 6901) into the part named by `in`. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  /** Which part of the request; the body when absent. */
  readonly in?: 'query' | 'path' | 'header';
}

export interface ProblemInit {
  readonly status: number;
  /** kebab-case and stable: clients branch on it. */
  readonly code: string;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** What to do about this one. Never a stack, SQL or a class name. */
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem (RFC 9457 extensions), such as both versions of a differing purchase. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A refusal on its way to the caller. Thrown in controllers and use cases, rendered in one place. */
export class ProblemError extends RegularsError {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(init: ProblemInit) {
    super(init.code, init.detail, init.cause === undefined ? undefined : { cause: init.cause });
    this.status = init.status;
    this.title = init.title;
    this.errors = init.errors;
    this.headers = init.headers ?? {};
    this.extensions = init.extensions ?? {};
  }

  get detail(): string {
    return this.message;
  }
}

/** The body of `application/problem+json`. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly traceId?: string;
  readonly errors?: readonly FieldProblem[];
  readonly [extension: string]: unknown;
}

/** Renders a problem; without `where` for the items of a batch, whose request has an answer of its own. */
export function problemBody(
  problem: ProblemError,
  where?: { readonly instance: string; readonly traceId: string },
): ProblemBody {
  return {
    ...problem.extensions,
    type: `${PROBLEM_PAGES}/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...where,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}
