import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FieldProblem } from '@regulars/http';
import { err, ok, type Result } from '@regulars/kernel';
import type { Refusal } from './refusal.js';

const maxErrors = 20;

/** A compiled reader of one schema: the typed body, or a 400 that points to every wrong field. */
export function shapeReader<S extends TSchema>(
  schema: S,
): (body: unknown) => Result<Static<S>, Refusal> {
  const validator = Compile(schema);
  return (body) => {
    if (validator.Check(body)) return ok(body);
    const errors = validator.Errors(body).flatMap(toFieldProblems).slice(0, maxErrors);
    return err({
      status: 400,
      code: 'invalid-request',
      detail: errors[0]?.message ?? 'The body does not have the expected shape.',
      errors,
    });
  };
}

type SchemaError = ReturnType<ReturnType<typeof Compile>['Errors']>[number];

function toFieldProblems(error: SchemaError): FieldProblem[] {
  const pointer = error.instancePath;
  const name = pointer === '' ? 'The body' : pointer;
  switch (error.keyword) {
    // Each unknown field is named once more, with its own pointer, by a `boolean` error.
    case 'additionalProperties':
      return [];
    case 'boolean':
      return [{ pointer, code: 'unknown-field', message: `${name} is no field of this request.` }];
    case 'required':
      return error.params.requiredProperties.map((property) => ({
        pointer: `${pointer}/${property}`,
        code: 'required',
        message: `${pointer}/${property} is missing.`,
      }));
    case 'pattern':
      return [
        { pointer, code: 'pattern', message: `${name} does not have the form it must have.` },
      ];
    default:
      return [{ pointer, code: error.keyword, message: `${name} ${error.message}.` }];
  }
}
