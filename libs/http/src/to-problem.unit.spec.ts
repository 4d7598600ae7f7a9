import { describe, expect, it } from '@jest/globals';
import { BadRequestException, ForbiddenException } from '@nestjs/common';
import { problemBody } from './problem-error.js';
import { toProblem } from './to-problem.js';

const postgres = (code: string) => Object.assign(new Error('relation "x"'), { code });

describe('toProblem', () => {
  it.each([
    '08006',
    '53300',
    '53100',
    '57P01',
    '57P03',
    '57014',
    '40P01',
    '40001',
    '55P03',
    '25P03',
  ])('takes SQLSTATE %s for 503', (code) => {
    expect(toProblem(postgres(code))).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it.each(['23505', '42P01', '22P02', '42601'])('takes SQLSTATE %s for our own fault', (code) => {
    expect(toProblem(postgres(code))).toMatchObject({ status: 500, code: 'internal' });
  });

  it('looks through the wrappers of TypeORM and of causes', () => {
    const wrapped = Object.assign(new Error('QueryFailedError'), {
      driverError: postgres('57P01'),
    });

    expect(toProblem(wrapped).status).toBe(503);
    expect(toProblem(new Error('outer', { cause: wrapped })).status).toBe(503);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('knows "%s" of node-postgres, which has no code', (message) => {
    expect(toProblem(new Error(message)).status).toBe(503);
  });

  it('takes a NUL that got through to Postgres for 400', () => {
    expect(toProblem(postgres('22021'))).toMatchObject({ status: 400, code: 'nul-character' });
  });

  it('puts our words in place of those of the framework', () => {
    const problem = toProblem(new BadRequestException('Unexpected token in PurchaseController'));

    expect(JSON.stringify(problemBody(problem))).not.toContain('PurchaseController');
    expect(toProblem(new ForbiddenException()).status).toBe(403);
  });

  it.each([[undefined], [null], ['text'], [{}], [new TypeError('x')]])('bears %p', (thrown) => {
    expect(toProblem(thrown)).toMatchObject({ status: 500, code: 'internal' });
  });

  it('believes a status only from Fastify itself', () => {
    const forged = Object.assign(new Error('x'), { statusCode: 418 });

    expect(toProblem(forged).status).toBe(500);
  });
});
