import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { TSchema } from 'typebox';

type Schema = Extract<Parameters<typeof ApiBody>[0], { schema: unknown }>['schema'];

/** The schema that reads the body also documents it. `example` is sent as it is by a test. */
export function BodyDocs(schema: TSchema, example: unknown): MethodDecorator {
  return ApiBody({ schema: { ...plain(schema), example } as Schema });
}

/** A batch of such items. */
export function BatchDocs(item: TSchema, example: unknown): MethodDecorator {
  return ApiBody({
    schema: {
      type: 'object',
      required: ['items'],
      additionalProperties: false,
      properties: { items: { type: 'array', maxItems: 1_000, items: plain(item) } },
      example: { items: [example] },
    } as Schema,
  });
}

export function AnswerDocs(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description });
}

/** TypeBox keeps marks of its own beside the JSON Schema. */
function plain(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema)) as object;
}
