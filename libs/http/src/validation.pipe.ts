import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { escapePointer } from './json-body.js';
import type { FieldProblem } from './problem-error.js';
import { invalidRequest } from './problems.js';

/** Checks DTOs: unknown fields are refused, every fault is told with its place. */
export class RequestValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidFields(fieldProblems(errors, '')),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof InvalidFields)) throw error;
      const part = PARTS[metadata.type];
      throw invalidRequest(
        part === undefined ? error.fields : error.fields.map((field) => ({ ...field, in: part })),
      );
    }
  }
}

/** Carries the faults from the factory, which does not know the part of the request, to where it is known. */
class InvalidFields extends Error {
  constructor(readonly fields: readonly FieldProblem[]) {
    super('invalid fields');
  }
}

const PARTS: Partial<Record<ArgumentMetadata['type'], 'query' | 'path'>> = {
  query: 'query',
  param: 'path',
};

/** What class-validator says of one property. */
interface Fault {
  readonly property: string;
  readonly constraints?: Readonly<Record<string, string>>;
  readonly children?: readonly Fault[];
}

/** One entry per broken rule; the code is the rule's name in kebab-case. */
export function fieldProblems(errors: readonly Fault[], above: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const pointer = `${above}/${escapePointer(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      code: CODES[rule] ?? kebab(rule),
      message:
        rule === 'whitelistValidation' ? `There is no field ${error.property}.` : sentence(message),
    }));
    return [...own, ...fieldProblems(error.children ?? [], pointer)];
  });
}

const CODES: Readonly<Record<string, string>> = {
  whitelistValidation: 'unknown-field',
  unknownValue: 'not-an-object',
};

function kebab(rule: string): string {
  return rule.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
