import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, RecordRefused } from '../errors.js';
import { toLogError } from './kafka-errors.js';

const kafkaError = (type: string) => Object.assign(new Error('from Kafka'), { type });

describe('toLogError', () => {
  it('finds the refusal of a record under what the client wraps around it', () => {
    const wrapped = new Error('retries exceeded', { cause: kafkaError('MESSAGE_TOO_LARGE') });
    expect(toLogError(wrapped)).toBeInstanceOf(RecordRefused);
  });

  it.each([
    kafkaError('NOT_ENOUGH_REPLICAS'),
    new Error('connect ECONNREFUSED'),
    new TypeError('of the client itself'),
    'a string',
  ])('takes everything else for worth another try: %s', (thrown) => {
    expect(toLogError(thrown)).toBeInstanceOf(LogUnavailable);
  });
});
