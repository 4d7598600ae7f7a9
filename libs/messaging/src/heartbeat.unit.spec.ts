import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from './record-decoder.js';
import { heartbeats } from './heartbeat.js';
import { partitionOf } from './partitioner.js';

describe('heartbeats', () => {
  it('reach every partition of a topic once, always under the same keys', () => {
    const beats = heartbeats('regulars.product.v1');

    expect(beats.map(({ key }) => partitionOf(key))).toEqual([...Array(12).keys()]);
    expect(heartbeats('regulars.product.v1')).toEqual(beats);
  });

  it('are passed without a look at their body', () => {
    const [beat] = heartbeats('regulars.product.v1');
    const at = { partition: 0, offset: 0n, timestamp: new Date(0) };

    expect(
      decodeRecord({ ...at, topic: 'x', key: null, headers: {}, ...beat, value: null }).kind,
    ).toBe('not-consumed');
  });
});
