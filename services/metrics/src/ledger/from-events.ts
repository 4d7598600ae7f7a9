import type { LostKind, StreamEvent } from '@regulars/contracts';
import { dayOf } from '@regulars/kernel';
import type {
  Order,
  SegmentEvent,
  SegmentSeries,
  Touch,
  TouchOutcome,
} from './customer-history.js';
import { orderKey } from './order-key.js';

export function toOrder(event: StreamEvent<'purchase'>): Order {
  const { data } = event;
  const gone = event.type === 'PurchaseRemoved' || data.fullyRefunded;
  return {
    key: orderKey(data.source, data.orderId),
    epoch: event.epoch,
    revision: data.revision,
    day: gone ? null : data.purchaseDay,
    purchasedAt: new Date(data.purchasedAt),
    currency: data.currency,
    totalMinor: data.totalMinor,
  };
}

export function toSegmentEvent(event: StreamEvent<'segment'>): SegmentEvent {
  const { to, lostKind, day, cause } = event.data;
  const { epoch, sequence } = event;
  return { epoch, sequence, day, cause, series: to === 'lost' ? seriesOfLost(lostKind) : to };
}

const seriesOfLost = (kind: LostKind | undefined): SegmentSeries => kind ?? 'lapsed';

const outcomes: Record<StreamEvent<'touch'>['type'], TouchOutcome> = {
  TouchPlanned: 'planned',
  TouchDeferred: 'deferred',
  TouchSkipped: 'skipped',
  TouchCaptured: 'captured',
  TouchSending: 'sending',
  TouchSent: 'sent',
  TouchDelivered: 'delivered',
  TouchFailed: 'failed',
  TouchUnknown: 'unknown',
  TouchAnswered: 'answered',
};
/** `unknown` counts as sent everywhere: it may have arrived. */
const reaching: readonly TouchOutcome[] = ['captured', 'sent', 'unknown'];

/** Nobody was reached: the touch is tried again, and stays what it was. */
export function changesState(event: StreamEvent<'touch'>): boolean {
  return event.type !== 'TouchAnswered' || event.data.answer !== 'not-reached';
}

export function toTouch(event: StreamEvent<'touch'>, timeZone: string): Touch {
  const { epoch, sequence, data } = event;
  const outcome = outcomeOf(event);
  return {
    epoch,
    sequence,
    touchId: data.touchId,
    day: dayOf(new Date(data.dueAt), timeZone),
    channel: data.channel,
    campaignId: data.campaignId,
    outcome,
    detail: detailOf(event, outcome),
    reachedAt: reaching.includes(outcome) ? event.occurredAt : null,
  };
}

/** A failure that is not the last word is a deferral: the touch is tried again. */
function outcomeOf(event: StreamEvent<'touch'>): TouchOutcome {
  return event.type === 'TouchFailed' && !event.data.final ? 'deferred' : outcomes[event.type];
}

function detailOf(event: StreamEvent<'touch'>, outcome: TouchOutcome): string {
  if (event.type === 'TouchAnswered') return event.data.answer;
  return outcome === 'skipped' || outcome === 'deferred' ? event.data.reason : '';
}
