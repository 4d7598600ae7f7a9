import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeBody, eventSchemas, type NewEvent, type Stream } from './index.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures');

interface Golden {
  readonly headers: Record<string, string>;
  readonly key: string;
  readonly body: {
    readonly data: unknown;
    readonly recordedAt: string;
    readonly source: string;
    readonly correlationId: string;
    readonly causationId?: string;
  };
}

const goldens = (Object.keys(eventSchemas) as Stream[]).flatMap((stream) =>
  readdirSync(join(fixtures, stream)).map((file) => ({ stream, file })),
);

describe('golden payloads', () => {
  it.each(goldens)('$stream/$file still decodes to what it says', ({ stream, file }) => {
    const golden = JSON.parse(readFileSync(join(fixtures, stream, file), 'utf8')) as Golden;

    const event = decodeEvent(
      stream,
      golden.key,
      golden.headers,
      Buffer.from(JSON.stringify(golden.body)),
    );

    expect(event).toMatchObject({
      stream,
      type: file.split('.')[0],
      key: golden.key,
      epoch: Number(golden.headers['epoch']),
      sequence: Number(golden.headers['sequence']),
      trace: golden.headers['trace'],
      data: golden.body.data,
    });
    const encoded = encodeBody(
      {
        ...(event as unknown as NewEvent),
        causedBy: {
          correlationId: golden.body.correlationId,
          ...(golden.body.causationId === undefined
            ? {}
            : { causationId: golden.body.causationId }),
        },
      },
      new Date(golden.body.recordedAt),
      golden.body.source,
      'unused',
    );
    expect(JSON.parse(encoded)).toEqual(golden.body);
  });

  it('stand for every event type of the contract', () => {
    const covered = goldens.map(({ stream, file }) => `${stream}/${file.split('.')[0] ?? ''}`);
    const declared = Object.entries(eventSchemas).flatMap(([stream, types]) =>
      Object.keys(types).map((type) => `${stream}/${type}`),
    );
    expect(covered.sort()).toEqual(declared.sort());
  });
});
