import Type from 'typebox';

/** Text that people wrote. Postgres refuses NUL and broken surrogates; other control characters forge log lines. */
export const text = (maxLength: number) =>
  Type.String({
    pattern: '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F\\uD800-\\uDFFF]*$',
    maxLength,
  });

/** As {@link text}, and not empty. */
export const filledText = (maxLength: number) => ({ ...text(maxLength), minLength: 1 });

/** Of a request: unknown fields are refused with their pointer, never dropped in silence. */
export const strictObject = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** Any time RFC 3339 allows; whether it is a possible one is judged after the shape. */
export const InstantWithOffset = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$',
});

/** Bounded so that a sum of many purchases is still an exact number. */
export const Amount = Type.Integer({ minimum: -1e13, maximum: 1e13 });
