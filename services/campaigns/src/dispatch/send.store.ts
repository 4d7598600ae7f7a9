import type { Channel } from '@regulars/contracts';
import { sql, type Sql, type Transaction } from '@regulars/persistence';
import type { RenderedMessage } from '../templates/template.js';
import { touchColumns } from '../touches/touch.store.js';
import type { Touch, TouchState } from '../touches/touch.js';
import type { CampaignBrief } from './judge-batch.js';

/** Longer than any provider call may take; leases run by the database's time, whatever our clock says. */
export const sendLeaseSeconds = 60;

export interface StoredMessage {
  readonly touchId: string;
  readonly customerId: string;
  readonly channel: Channel;
  readonly message: RenderedMessage;
}

/** A touch and whom to lock before it. */
export interface TouchKey {
  readonly id: string;
  readonly customerId: string;
}

/** A touch that is about to leave. */
export interface Reservation {
  readonly id: string;
  readonly channel: Channel;
  readonly templateUsed: string;
}

/** What came of a touch that was in `sending`. */
export interface SendEnd {
  readonly id: string;
  readonly state: TouchState;
  readonly reason: string;
  readonly counts: boolean;
  readonly reference?: string;
}

/**
 * Touches by their keys and nothing else. With what must be true of them in the same place, the planner takes the index
 * of ready or sending touches, which it believes to be empty, and reads all of them. Locked, so that what is asked of
 * them next is asked of their newest versions.
 */
const byKeys = (ids: readonly string[]): Sql => sql`
  select id, state, ready_at, leased_until from touches where id = any(${ids}::uuid[]) order by id for update`;

export const sendStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Purpose and pause of the campaigns behind touches, by `campaign/version`. */
  async briefs(campaignIds: readonly string[]): Promise<Map<string, CampaignBrief>> {
    const rows = await tx.query<CampaignBrief & { key: string }>(sql`
      select v.campaign_id || '/' || v.version as key, v.definition->>'purpose' as purpose,
             c.state = 'paused' as paused
      from campaign_versions v join campaigns c on c.id = v.campaign_id
      where v.campaign_id = any(${campaignIds}::uuid[])`);
    return new Map(rows.map(({ key, purpose, paused }) => [key, { purpose, paused }]));
  },

  async keepMessages(messages: readonly StoredMessage[], now: Date): Promise<void> {
    if (messages.length === 0) return;
    await tx.query(sql`
      insert into touch_messages (touch_id, customer_id, channel, subject, text, html, json, stored_at)
      select touch_id, customer_id, channel, subject, text, html, json, ${now}
      from unnest(${messages.map((m) => m.touchId)}::uuid[], ${messages.map((m) => m.customerId)}::uuid[],
                  ${messages.map((m) => m.channel)}::text[], ${messages.map((m) => m.message.subject ?? null)}::text[],
                  ${messages.map((m) => m.message.text)}::text[], ${messages.map((m) => m.message.html ?? null)}::text[],
                  ${messages.map((m) => (m.message.json ? JSON.stringify(m.message.json) : null))}::jsonb[])
        as m(touch_id, customer_id, channel, subject, text, html, json)
      on conflict (touch_id) do nothing`);
  },

  async messagesOf(
    touchIds: readonly string[],
  ): Promise<Map<string, { subject: string | null; text: string }>> {
    const rows = await tx.query<{ touchId: string; subject: string | null; text: string }>(sql`
      select touch_id as "touchId", subject, text from touch_messages
      where touch_id = any(${touchIds}::uuid[])`);
    return new Map(rows.map(({ touchId, subject, text }) => [touchId, { subject, text }]));
  },

  /** Hands due touches of live channels to the dispatcher; they stay what they are until one reserves them. */
  async hand(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql`update touches set ready_at = ${now} where id = any(${ids}::uuid[])`);
  },

  /** Leases ready touches to the caller, oldest first; those leased by another replica are left to it. */
  async lease(limit: number): Promise<TouchKey[]> {
    const ready = await tx.query<TouchKey>(sql`
      select id, customer_id as "customerId" from touches
      where ready_at is not null and coalesce(leased_until, '-infinity') < clock_timestamp()
      order by ready_at limit ${limit} for update skip locked`);
    // By key: as one statement the planner may read the whole table where nothing is known about it yet.
    if (ready.length > 0)
      await tx.query(sql`
        update touches set leased_until = clock_timestamp() + make_interval(secs => ${sendLeaseSeconds})
        where id = any(${ready.map(({ id }) => id)}::uuid[])`);
    return ready;
  },

  /** A lease that was not used. What is in `sending` has another one: that of its call. */
  async handBack(ids: readonly string[]): Promise<void> {
    await tx.query(sql`
      with own as materialized (${byKeys(ids)})
      update touches t set leased_until = null from own
      where t.id = own.id and own.state in ('planned', 'deferred')`);
  },

  /** Of leased touches those that may still leave: not moved, stopped or reserved since. */
  async ready(ids: readonly string[]): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      with own as materialized (${byKeys(ids)})
      select ${touchColumns} from own join touches t on t.id = own.id
      where own.state in ('planned', 'deferred') and own.ready_at is not null`);
  },

  /** From here on the touches count as sent until the provider certainly refuses them. */
  async reserve(reservations: readonly Reservation[], now: Date): Promise<Touch[]> {
    if (reservations.length === 0) return [];
    const ids = reservations.map(({ id }) => id);
    return tx.query<Touch>(sql`
      with own as materialized (${byKeys(ids)})
      update touches t
      set state = 'sending', channel = r.channel, template_used = r.template_used, attempts = attempts + 1,
          sent_at = ${now}, ready_at = null,
          leased_until = clock_timestamp() + make_interval(secs => ${sendLeaseSeconds})
      from own join unnest(${ids}::uuid[], ${reservations.map((r) => r.channel)}::text[],
                           ${reservations.map((r) => r.templateUsed)}::text[])
        as r(id, channel, template_used) on r.id = own.id
      where t.id = own.id and own.state in ('planned', 'deferred') and own.ready_at is not null
      returning ${touchColumns}`);
  },

  /** Records what the provider said. A touch no longer in `sending` is left out: its end is on record already. */
  async settle(ends: readonly SendEnd[]): Promise<Touch[]> {
    if (ends.length === 0) return [];
    const ids = ends.map(({ id }) => id);
    return tx.query<Touch>(sql`
      with own as materialized (${byKeys(ids)})
      update touches t
      set state = e.state, reason = e.reason, leased_until = null,
          sent_at = case when e.counts then t.sent_at end,
          provider_reference = coalesce(e.reference, t.provider_reference)
      from own join unnest(${ids}::uuid[], ${ends.map((e) => e.state)}::text[], ${ends.map((e) => e.reason)}::text[],
                           ${ends.map((e) => e.counts)}::boolean[], ${ends.map((e) => e.reference ?? null)}::text[])
        as e(id, state, reason, counts, reference) on e.id = own.id
      where t.id = own.id and own.state = 'sending'
      returning ${touchColumns}`);
  },

  async useChannels(id: string, channels: readonly string[]): Promise<void> {
    await tx.query(sql`
      update touches set channels = ${channels}::text[], channel = ${channels[0] ?? 'task'}, attempts = 0
      where id = ${id}`);
  },

  /** Sends whose process did not come back in time. */
  async expired(limit: number): Promise<TouchKey[]> {
    return tx.query(sql`
      select id, customer_id as "customerId" from touches
      where state = 'sending' and leased_until < clock_timestamp() order by leased_until limit ${limit}`);
  },

  async stillExpired(ids: readonly string[]): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      with own as materialized (${byKeys(ids)})
      select ${touchColumns} from own join touches t on t.id = own.id
      where own.state = 'sending' and own.leased_until < clock_timestamp()`);
  },

  async anyReady(): Promise<boolean> {
    const rows = await tx.query(sql`
      select id from touches where ready_at is not null or (state = 'sending') limit 1`);
    return rows.length === 1;
  },
});
