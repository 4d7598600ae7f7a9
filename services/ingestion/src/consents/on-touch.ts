import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, outbox } from '@regulars/outbox';
import { customerStore } from '../customers/customer.store.js';
import { defaultPurpose, type Consent, type ConsentStatement } from './consent.js';
import { consentStore } from './consent.store.js';
import { recordConsents } from './record-consents.use-case.js';

type TouchEvent = Consumed<'touch'>;
type Stop = Extract<TouchEvent, { type: 'TouchAnswered' }>;

/**
 * "Stop", said to campaigns, becomes a withdrawal on record here: of marketing on every channel that has a consent,
 * and of the channel it was said on. The answer names the stop, so that campaigns can lift its suppression.
 */
@OnEvents('touch', { types: ['TouchAnswered'] })
export class OnTouch implements BatchHandler<'touch'> {
  async handle(events: readonly TouchEvent[], tx: BatchTransaction): Promise<void> {
    // Most answers say nothing here: they are passed over before anything is looked up.
    const said = events.filter(isStop);
    tx.note('not-consumed', events.length - said.length);
    const stops = await inbox(tx).takeFresh(said);
    const ids = [...new Set(stops.map(({ data }) => data.customerId))];
    if (ids.length === 0) return;
    const customers = await customerStore(tx).lockMany(ids);
    const known = stops.filter(({ data }) => customers.has(data.customerId));
    tx.note('not-consumed', stops.length - known.length);
    if (known.length === 0) return;

    const held = await consentStore(tx).ofCustomers([...customers.keys()]);
    const recorded = await recordConsents(
      known.map((stop) => ({
        customerId: stop.data.customerId,
        statements: withdrawals(stop, held.get(stop.data.customerId) ?? []),
        cause: causeOf(stop),
        settlesStop: stop.data.stopId,
      })),
      'stop',
      tx,
    );
    await outbox(tx).add(recorded.events);
  }
}

function isStop(event: TouchEvent): event is Stop {
  return event.type === 'TouchAnswered' && event.data.answer === 'stop';
}

function withdrawals({ data }: Stop, held: readonly Consent[]): ConsentStatement[] {
  const marketing = held.filter(({ purpose }) => purpose === defaultPurpose);
  const channels = new Set([data.channel, ...marketing.map(({ channel }) => channel)]);
  return [...channels].map((channel) => ({
    channel,
    purpose: defaultPurpose,
    state: 'withdrawn',
    changedAt: new Date(data.answeredAt),
    evidence: `touch ${data.touchId}`,
  }));
}
