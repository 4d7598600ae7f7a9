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

/**
 * One touch by its key and nothing else. With what must be true of it in the same place, the planner takes the index of
 * ready or sending touches, which it believes to be empty, and reads all of them for each one that leaves. Locked, so
 * that what is asked of it next is asked of its newest version.
 */
const byKey = (id: string): Sql =>
  sql`select id, state, ready_at, leased_until from touches where id = ${id} for update`;

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
  async lease(limit: number): Promise<{ id: string; customerId: string }[]> {
    const ready = await tx.query<{ id: string; customerId: string }>(sql`
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

  /** From here on the touch counts as sent until the provider certainly refuses it. */
  async reserve(id: string, channel: Channel, templateUsed: string, now: Date): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      with own as materialized (${byKey(id)})
      update touches t
      set state = 'sending', channel = ${channel}, template_used = ${templateUsed}, attempts = attempts + 1,
          sent_at = ${now}, ready_at = null,
          leased_until = clock_timestamp() + make_interval(secs => ${sendLeaseSeconds})
      from own where t.id = own.id and own.state in ('planned', 'deferred') and own.ready_at is not null
      returning ${touchColumns}`);
  },

  /** Records what the provider said. Nothing, when the touch is no longer in `sending`: its end is on record already. */
  async settle(
    id: string,
    end: {
      readonly state: TouchState;
      readonly reason: string;
      readonly counts: boolean;
      readonly reference?: string;
    },
  ): Promise<Touch[]> {
    return tx.query<Touch>(sql`
      with own as materialized (${byKey(id)})
      update touches t
      set state = ${end.state}, reason = ${end.reason}, leased_until = null,
          sent_at = case when ${end.counts} then t.sent_at end,
          provider_reference = coalesce(${end.reference ?? null}, t.provider_reference)
      from own where t.id = own.id and own.state = 'sending'
      returning ${touchColumns}`);
  },

  async useChannels(id: string, channels: readonly string[]): Promise<void> {
    await tx.query(sql`
      update touches set channels = ${channels}::text[], channel = ${channels[0] ?? 'task'}, attempts = 0
      where id = ${id}`);
  },

  /** Sends whose process did not come back in time. */
  async expired(limit: number): Promise<{ id: string; customerId: string }[]> {
    return tx.query(sql`
      select id, customer_id as "customerId" from touches
      where state = 'sending' and leased_until < clock_timestamp() order by leased_until limit ${limit}`);
  },

  async stillExpired(id: string): Promise<boolean> {
    const rows = await tx.query(sql`
      with own as materialized (${byKey(id)})
      select id from own where state = 'sending' and leased_until < clock_timestamp()`);
    return rows.length === 1;
  },

  async anyReady(): Promise<boolean> {
    const rows = await tx.query(sql`
      select id from touches where ready_at is not null or (state = 'sending') limit 1`);
    return rows.length === 1;
  },
});
