/** Base of the errors we throw on purpose: `code` is kebab-case and stable, the message says what to do. */
export class RegularsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What was thrown, as an Error: JavaScript lets code throw anything. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(`A value that is no Error was thrown: ${String(thrown)}`);
}
