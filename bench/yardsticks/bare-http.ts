import 'reflect-metadata';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export interface BareServer {
  readonly address: string;
  close(): Promise<void>;
}

/** H: Nest on Fastify, the body validated by its compiled schema, and then whatever is given: nothing, for H itself. */
export async function startBareServer(
  schema: TSchema,
  work: (body: unknown) => Promise<object> = () => Promise.resolve({ status: 'created' }),
): Promise<BareServer> {
  const validator = Compile(schema);
  class Bare {
    async post(body: unknown): Promise<object> {
      if (!validator.Check(body)) throw new TypeError('The body is not what the schema says.');
      return work(body);
    }
  }
  // Decorators as functions: Node strips types, and knows no decorators.
  const method = Object.getOwnPropertyDescriptor(Bare.prototype, 'post') ?? {};
  Controller()(Bare);
  Post('bare')(Bare.prototype, 'post', method);
  HttpCode(200)(Bare.prototype, 'post', method);
  Body()(Bare.prototype, 'post', 0);
  const root = { module: Bare, controllers: [Bare] };
  const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { address: await app.getUrl(), close: () => app.close() };
}
