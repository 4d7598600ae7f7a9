import { Param, type PipeTransform } from '@nestjs/common';
import { isId } from '@regulars/kernel';
import { invalidRequest } from './problems.js';

/** An id in the path; 400 when it cannot be one, before any query sees it. */
export function IdParam(name = 'id'): ParameterDecorator {
  return Param(name, new IdPipe(name));
}

class IdPipe implements PipeTransform<unknown, string> {
  constructor(private readonly name: string) {}

  transform(value: unknown): string {
    if (typeof value === 'string' && isId(value)) return value.toLowerCase();
    throw invalidRequest([
      {
        pointer: `/${this.name}`,
        code: 'not-an-id',
        message: `The ${this.name} in the path is not an id; use one that the API gave.`,
        in: 'path',
      },
    ]);
  }
}
