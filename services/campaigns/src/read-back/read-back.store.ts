import { topics } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { stateOf, type TouchEvent } from './published-touches.js';

/** What was published and the tables do not know. */
export const readBackStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Of these customers those with events on their way to the log: about them the tables know more than it does. */
  async withUnsent(customerIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(sql`
      select distinct convert_from(key, 'UTF8') as id from outbox
      where topic = ${topics.touch.name} and convert_from(key, 'UTF8') = any(${customerIds}::text[])`);
    return new Set(rows.map(({ id }) => id));
  },

  /** Takes over what became of touches. One that was being sent is given up to the settling of expired sends. */
  async takeOver(events: readonly TouchEvent[]): Promise<void> {
    const rows = events.map(({ type, data, occurredAt, ...event }) => {
      const state = stateOf({ type, data, occurredAt, ...event } as TouchEvent);
      const left = state !== 'skipped' && state !== 'failed';
      return {
        id: data.touchId,
        customer_id: data.customerId,
        campaign_id: data.campaignId,
        campaign_version: data.campaignVersion,
        enrolment_id: data.enrolmentId,
        step: data.step,
        cycle: data.cycle,
        directness: data.directness,
        channel: data.channel,
        channels: [data.channel],
        due_at: data.dueAt,
        expires_at: data.dueAt,
        state,
        reason: data.reason,
        template_used: data.templateVersion ?? null,
        offer_id: data.offerId ?? null,
        segment: data.segment ?? null,
        forecast_model_version: data.forecastModelVersion ?? null,
        forecast_epoch: data.forecastEpoch ?? null,
        forecast_sequence: data.forecastSequence ?? null,
        attempts: left ? 1 : 0,
        leased_until: state === 'sending' ? new Date(0) : null,
        sent_at: left ? occurredAt : null,
        answer: type === 'TouchAnswered' ? data.answer : null,
        created_at: occurredAt,
      };
    });
    await tx.query(sql`
      insert into touches as t
      select * from jsonb_populate_recordset(null::touches, ${JSON.stringify(rows)}::jsonb)
      on conflict on constraint touches_pkey do update set
        state = excluded.state, reason = excluded.reason, channel = excluded.channel, ready_at = null,
        leased_until = excluded.leased_until, sent_at = coalesce(t.sent_at, excluded.sent_at),
        template_used = coalesce(excluded.template_used, t.template_used),
        answer = coalesce(excluded.answer, t.answer)`);
  },

  /** Stops that a customer said here and that the restored data has forgotten. */
  async keepStops(stops: readonly { id: string; customerId: string; at: Date }[]): Promise<void> {
    await tx.query(sql`
      insert into suppressions (id, customer_id, reason, from_at)
      select id, customer_id, 'stop', at
      from unnest(${stops.map(({ id }) => id)}::uuid[], ${stops.map((s) => s.customerId)}::uuid[],
                  ${stops.map(({ at }) => at)}::timestamptz[]) as stop (id, customer_id, at)
      on conflict do nothing`);
  },

  /** Offers that were made; of an offer that is not known here nothing can be kept. */
  async keepOffers(
    made: readonly {
      offerId: string;
      customerId: string;
      touchId: string;
      campaignId: string;
      cycle: string;
      madeAt: string;
      expiresAt?: string;
    }[],
  ): Promise<void> {
    await tx.query(sql`
      insert into offer_ledger (id, offer_id, customer_id, slot, touch_id, campaign_id, cycle, made_at, expires_at)
      select m.id, o.id, m.customer_id,
        case o.rule when 'once' then 'once' when 'per-cycle' then m.cycle::text else m.touch_id::text end,
        m.touch_id, m.campaign_id, m.cycle, m.made_at, m.expires_at
      from unnest(${made.map(() => newId())}::uuid[], ${made.map((m) => m.offerId)}::uuid[],
                  ${made.map((m) => m.customerId)}::uuid[], ${made.map((m) => m.touchId)}::uuid[],
                  ${made.map((m) => m.campaignId)}::uuid[], ${made.map((m) => m.cycle)}::uuid[],
                  ${made.map((m) => m.madeAt)}::timestamptz[], ${made.map((m) => m.expiresAt ?? null)}::timestamptz[])
        as m (id, offer_id, customer_id, touch_id, campaign_id, cycle, made_at, expires_at)
      join offers o on o.id = m.offer_id
      on conflict do nothing`);
  },

  /** Touches that may have left after the newest event that survived, and nobody knows. */
  async dueSince(
    timerKind: string,
    since: Date,
    now: Date,
    limit: number,
  ): Promise<{ id: string; customerId: string }[]> {
    return tx.query<{ id: string; customerId: string }>(sql`
      select t.id, t.customer_id as "customerId" from touches t
      left join timers d on d.kind = ${timerKind} and d.key = t.id::text
      where t.state in ('planned', 'deferred')
        and (t.ready_at is not null
             or (coalesce(d.due_at, t.due_at) > ${since} and coalesce(d.due_at, t.due_at) <= ${now}))
      order by t.customer_id, t.id limit ${limit}`);
  },
});
