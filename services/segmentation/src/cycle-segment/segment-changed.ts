import type { Cause, NewEvent } from '@regulars/contracts';
import type { SegmentMove } from './membership.js';

/** A move with what the history and the event need. */
export interface RecordedMove extends SegmentMove {
  readonly customerId: string;
  readonly decidedAt: Date;
  readonly causedBy?: Cause;
}

export function toSegmentChanged(move: RecordedMove): NewEvent<'segment'> {
  const { customerId, decidedAt, causedBy, from, to } = move;
  return {
    stream: 'segment',
    type: 'SegmentChanged',
    key: customerId,
    occurredAt: decidedAt,
    ...(causedBy === undefined ? {} : { causedBy }),
    data: {
      customerId,
      ...(from === undefined ? {} : { from }),
      to: to.segment,
      ...(to.lostKind === undefined ? {} : { lostKind: to.lostKind }),
      cause: to.cause,
      day: to.sinceDay,
      inputs: to.inputs,
      ...(to.modelVersion === undefined ? {} : { forecastModelVersion: to.modelVersion }),
    },
  };
}
