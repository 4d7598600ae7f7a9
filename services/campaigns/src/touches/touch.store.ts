import { sql, type Transaction } from '@regulars/persistence';
import type { NewTouch, Touch, TouchState } from './touch.js';

/** The columns of a {@link Touch}. */
export const touchColumns = sql`t.id, t.customer_id as "customerId", t.campaign_id as "campaignId",
  t.campaign_version as "campaignVersion", t.enrolment_id as "enrolmentId", t.step, t.cycle, t.directness,
  t.channel, t.channels, t.due_at as "dueAt", t.expires_at as "expiresAt", t.state, t.reason, t.template,
  t.template_version as "templateVersion", t.template_used as "templateUsed", t.offer_id as "offerId",
  t.agreement_id as "agreementId", t.segment, t.forecast_model_version as "forecastModelVersion",
  t.forecast_epoch as "forecastEpoch", t.forecast_sequence as "forecastSequence", t.attempts,
  t.sent_at as "sentAt", t.provider_reference as "providerReference", t.answer`;

/** What a judged touch becomes; absent fields stay as they are. */
export interface TouchUpdate {
  readonly id: string;
  readonly state: TouchState;
  readonly reason: string;
  readonly channel: string;
  readonly templateUsed?: string;
  readonly sentAt?: Date;
}

/** The send-once ledger. The customers of all touches are locked by the caller, always. */
export const touchStore = (tx: Pick<Transaction, 'query'>) => ({
  /** A touch of the same customer, campaign, step and cycle is never stored twice: the second is left out of the answer. */
  async insert(touches: readonly NewTouch[], now: Date): Promise<Touch[]> {
    if (touches.length === 0) return [];
    const rows = JSON.stringify(touches.map((touch) => toRow(touch, now)));
    return tx.query<Touch>(sql`
      insert into touches as t
      select * from jsonb_populate_recordset(null::touches, ${rows}::jsonb)
      on conflict on constraint touches_once do nothing
      returning ${touchColumns}`);
  },

  async find(ids: readonly string[]): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      select ${touchColumns} from touches t where t.id = any(${ids}::uuid[])`);
  },

  async customersOf(ids: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ customerId: string }>(sql`
      select distinct customer_id as "customerId" from touches where id = any(${ids}::uuid[])`);
    return rows.map(({ customerId }) => customerId);
  },

  /** Touches that may still leave, of these enrolments. */
  async openOf(enrolmentIds: readonly string[]): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      select ${touchColumns} from touches t
      where t.enrolment_id = any(${enrolmentIds}::uuid[]) and t.state in ('planned', 'deferred')`);
  },

  async openOfCustomers(customerIds: readonly string[]): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      select ${touchColumns} from touches t
      where t.customer_id = any(${customerIds}::uuid[]) and t.state in ('planned', 'deferred')`);
  },

  /** Touches that came due while their campaign was paused. */
  async deferredByPause(campaignId: string): Promise<{ id: string }[]> {
    return tx.query<{ id: string }>(sql`
      select id from touches
      where campaign_id = ${campaignId} and state = 'deferred' and reason = 'campaign-paused'`);
  },

  /** By due time, newest first. */
  async list(filter: {
    readonly customerId: string | null;
    readonly campaignId: string | null;
    readonly state: TouchState | null;
    readonly before: { readonly dueAt: string; readonly id: string } | null;
    readonly limit: number;
  }): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      select ${touchColumns} from touches t
      where (${filter.customerId}::uuid is null or t.customer_id = ${filter.customerId}::uuid)
        and (${filter.campaignId}::uuid is null or t.campaign_id = ${filter.campaignId}::uuid)
        and (${filter.state}::text is null or t.state = ${filter.state}::text)
        and (${filter.before?.dueAt ?? null}::timestamptz is null
             or (t.due_at, t.id) < (${filter.before?.dueAt ?? null}::timestamptz, ${filter.before?.id ?? null}::uuid))
      order by t.due_at desc, t.id desc limit ${filter.limit}`);
  },

  async update(updates: readonly TouchUpdate[]): Promise<Touch[]> {
    if (updates.length === 0) return [];
    return tx.query<Touch>(sql`
      update touches t
      set state = u.state, reason = u.reason, channel = u.channel, ready_at = null, leased_until = null,
          template_used = coalesce(u.template_used, t.template_used), sent_at = coalesce(u.sent_at, t.sent_at)
      from unnest(${updates.map((u) => u.id)}::uuid[], ${updates.map((u) => u.state)}::text[],
                  ${updates.map((u) => u.reason)}::text[], ${updates.map((u) => u.channel)}::text[],
                  ${updates.map((u) => u.templateUsed ?? null)}::text[],
                  ${updates.map((u) => u.sentAt ?? null)}::timestamptz[])
        as u(id, state, reason, channel, template_used, sent_at)
      where t.id = u.id
      returning ${touchColumns}`);
  },

  /** A moved due day takes the touches that have not left with it. */
  async move(
    moves: readonly { id: string; dueAt: Date; expiresAt: Date; reason: string }[],
  ): Promise<Touch[]> {
    if (moves.length === 0) return [];
    return tx.query<Touch>(sql`
      update touches t
      set due_at = m.due_at, expires_at = m.expires_at, state = 'planned', reason = m.reason, ready_at = null
      from unnest(${moves.map((m) => m.id)}::uuid[], ${moves.map((m) => m.dueAt)}::timestamptz[],
                  ${moves.map((m) => m.expiresAt)}::timestamptz[], ${moves.map((m) => m.reason)}::text[])
        as m(id, due_at, expires_at, reason)
      where t.id = m.id and t.state in ('planned', 'deferred')
      returning ${touchColumns}`);
  },
});

function toRow(touch: NewTouch, now: Date): Record<string, unknown> {
  return {
    id: touch.id,
    customer_id: touch.customerId,
    campaign_id: touch.campaignId,
    campaign_version: touch.campaignVersion,
    enrolment_id: touch.enrolmentId,
    step: touch.step,
    cycle: touch.cycle,
    directness: touch.directness,
    channel: touch.channel,
    channels: touch.channels,
    due_at: touch.dueAt,
    expires_at: touch.expiresAt,
    state: 'planned',
    reason: touch.reason,
    template: touch.template,
    template_version: touch.templateVersion,
    offer_id: touch.offerId,
    agreement_id: touch.agreementId,
    segment: touch.segment,
    forecast_model_version: touch.forecastModelVersion,
    forecast_epoch: touch.forecastEpoch,
    forecast_sequence: touch.forecastSequence,
    attempts: 0,
    created_at: now,
  };
}
