import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { RegularsError } from '@regulars/kernel';
import {
  eventSchemas,
  type Consumed,
  type EventMeta,
  type NewEvent,
  type NewTombstone,
} from './events.js';
import { Code, InstantText, Uuid } from './scalars.js';
import { topics, type Stream } from './topics.js';

/** What makes an event one: in the headers, so that routing and duplicate drop need no body. */
export interface EventHeaders {
  readonly type: string;
  readonly version: string;
  readonly id: string;
  readonly epoch: string;
  readonly sequence: string;
  readonly trace?: string;
}

/** The type of heartbeat records: skipped before decoding. */
export const heartbeatType = 'heartbeat';
export const tombstoneType = 'Tombstone';

/** The record does not decode: it can never be applied as it is. */
export class UndecodableEvent extends RegularsError {
  constructor(
    readonly reason:
      'bad-headers' | 'bad-json' | 'bad-schema' | 'unknown-type' | 'wrong-key' | 'null-key',
    message: string,
  ) {
    super(`undecodable-${reason}`, message);
  }
}

/** A later version than this consumer knows: wait for its upgrade, lose nothing. */
export class LaterVersion extends RegularsError {
  constructor(stream: Stream, type: string, version: number) {
    super(
      'later-version',
      `${stream}/${type} came in version ${String(version)}, which this release does not know. Upgrade this service.`,
    );
  }
}

const Body = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 64 }),
  occurredAt: InstantText,
  recordedAt: InstantText,
  correlationId: Type.String({ minLength: 1, maxLength: 64 }),
  causationId: Type.Optional(Uuid),
  source: Code,
  data: Type.Unknown(),
});

const bodyValidator = Compile(Body);
const validators = new Map<string, Validator>();

function validatorOf(stream: Stream, type: string): Validator | undefined {
  const name = `${stream}/${type}`;
  let validator = validators.get(name);
  if (!validator) {
    const schemas: Readonly<Record<string, Type.TSchema>> = eventSchemas[stream];
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (!schema) return undefined;
    validator = Compile(schema);
    validators.set(name, validator);
  }
  return validator;
}

/** Body of an event as stored in the outbox: everything but the headers' share. Throws when the data breaks its contract. */
export function encodeBody(
  event: NewEvent,
  recordedAt: Date,
  source: string,
  fallbackCorrelationId: string,
): string {
  const validator = validatorOf(event.stream, event.type);
  if (!validator) throw new TypeError(`No schema for ${event.stream}/${event.type}.`);
  if (!validator.Check(event.data)) {
    const first = validator.Errors(event.data)[0];
    throw new TypeError(
      `${event.stream}/${event.type} breaks its contract at ${first?.instancePath ?? '/'}: ${first?.message ?? 'invalid'}`,
    );
  }
  return JSON.stringify({
    key: event.key,
    occurredAt: event.occurredAt.toISOString(),
    recordedAt: momentText(recordedAt),
    correlationId: event.causedBy?.correlationId ?? fallbackCorrelationId,
    ...(event.causedBy?.causationId === undefined
      ? {}
      : { causationId: event.causedBy.causationId }),
    source,
    data: event.data,
  });
}

/** All events of a transaction have one moment of recording: it is written once for all of them. */
function momentText(moment: Date): string {
  const ms = moment.getTime();
  if (ms !== lastMoment.ms) Object.assign(lastMoment, { ms, text: moment.toISOString() });
  return lastMoment.text;
}
const lastMoment = { ms: Number.NaN, text: '' };

export function versionOf(event: Pick<NewEvent | NewTombstone, 'stream'>): number {
  return topics[event.stream].version;
}

const INTEGER = /^\d{1,16}$/;

/** Headers and body to the event. Throws {@link UndecodableEvent} or {@link LaterVersion}, nothing else. */
export function decodeEvent<S extends Stream>(
  stream: S,
  key: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
  value: Uint8Array | null,
): Consumed<S> {
  const { type, version, id, epoch, sequence, trace } = headers;
  if (
    type === undefined ||
    id === undefined ||
    !INTEGER.test(version ?? '') ||
    !INTEGER.test(epoch ?? '') ||
    !INTEGER.test(sequence ?? '')
  ) {
    throw new UndecodableEvent(
      'bad-headers',
      'The record lacks type, version, id, epoch or sequence.',
    );
  }
  if (key === undefined || key === '')
    throw new UndecodableEvent('null-key', 'The record has no key.');
  const meta = {
    id,
    version: Number(version),
    epoch: Number(epoch),
    sequence: Number(sequence),
    key,
    ...(trace === undefined ? {} : { trace }),
  };
  if (meta.version > topics[stream].version) throw new LaterVersion(stream, type, meta.version);
  if (value === null) {
    if (topics[stream].cleanup !== 'compact') {
      throw new UndecodableEvent(
        'bad-json',
        `A record without a body on ${stream}, which is not compacted.`,
      );
    }
    return { ...meta, stream, type: 'Tombstone' } as unknown as Consumed<S>;
  }
  return {
    ...meta,
    stream,
    type,
    ...decodeBody(stream, type, key, value),
  } as unknown as Consumed<S>;
}

type BodyFields = Pick<
  EventMeta,
  'occurredAt' | 'recordedAt' | 'correlationId' | 'causationId' | 'source'
> & { data: unknown };

function decodeBody(stream: Stream, type: string, key: string, value: Uint8Array): BodyFields {
  const validator = validatorOf(stream, type);
  if (!validator)
    throw new UndecodableEvent('unknown-type', `${stream} has no event type of that name.`);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    throw new UndecodableEvent('bad-json', 'The body is no JSON in UTF-8.');
  }
  if (!bodyValidator.Check(body)) {
    const first = bodyValidator.Errors(body)[0];
    throw new UndecodableEvent(
      'bad-schema',
      `The body breaks the envelope at ${first?.instancePath ?? '/'}.`,
    );
  }
  if (body.key !== key)
    throw new UndecodableEvent('wrong-key', "The body's key is not the record's.");
  if (!validator.Check(body.data)) {
    const first = validator.Errors(body.data)[0];
    throw new UndecodableEvent(
      'bad-schema',
      `The data breaks ${type} at ${first?.instancePath ?? '/'}.`,
    );
  }
  return {
    occurredAt: new Date(body.occurredAt),
    recordedAt: new Date(body.recordedAt),
    correlationId: body.correlationId,
    ...(body.causationId === undefined ? {} : { causationId: body.causationId }),
    source: body.source,
    data: body.data,
  };
}
