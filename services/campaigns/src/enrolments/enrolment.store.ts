import { sql, type Transaction } from '@regulars/persistence';
import type { Day } from '@regulars/kernel';
import { conversationsId } from '../campaigns/campaign.js';
import type { EndReason, Enrolment, NewEnrolment } from './enrolment.js';
import type { StandingCycles } from './standing-cycles.js';

const columns = sql`e.id, e.campaign_id as "campaignId", e.campaign_version as "campaignVersion",
  e.customer_id as "customerId", e.cycle, e.state, e.trigger_day as "triggerDay",
  e.last_purchase_day as "lastPurchaseDay", e.released`;

const allColumns = sql`${columns}, e.lead_days as "leadDays", e.money_at_risk_minor as "moneyAtRiskMinor",
  e.segment, e.forecast_model_version as "forecastModelVersion", e.forecast_epoch as "forecastEpoch",
  e.forecast_sequence as "forecastSequence"`;

export const enrolmentStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Open ones, and ended ones of these cycles or their days: whoever walked a cycle does not walk it again. */
  async relevant(
    customerIds: readonly string[],
    campaignIds: readonly string[],
    { cycles, lastPurchaseDays }: StandingCycles,
  ): Promise<Enrolment[]> {
    return tx.query<Enrolment>(sql`
      select ${columns} from enrolments e
      where e.customer_id = any(${customerIds}::uuid[]) and e.campaign_id = any(${campaignIds}::uuid[])
        and (e.state <> 'ended' or e.cycle = any(${cycles}::uuid[])
             or e.last_purchase_day = any(${lastPurchaseDays}::date[]))`);
  },

  async openOf(customerIds: readonly string[]): Promise<Enrolment[]> {
    return tx.query<Enrolment>(sql`
      select ${columns} from enrolments e
      where e.customer_id = any(${customerIds}::uuid[]) and e.state <> 'ended'`);
  },

  /** Conversations have a cycle of their own, so it names them. */
  async ofCycles(cycles: readonly string[]): Promise<NewEnrolment[]> {
    if (cycles.length === 0) return [];
    return tx.query<NewEnrolment>(sql`
      select ${allColumns} from enrolments e
      where e.campaign_id = ${conversationsId} and e.cycle = any(${cycles}::uuid[])`);
  },

  /** The most valuable customers of a backlog. */
  async backlog(campaignId: string, limit: number): Promise<NewEnrolment[]> {
    return tx.query<NewEnrolment>(sql`
      select ${allColumns} from enrolments e
      where e.campaign_id = ${campaignId} and e.state = 'backlog'
      order by e.money_at_risk_minor desc, e.id limit ${limit}`);
  },

  /** Unique on customer, campaign and cycle: a second one for the same cycle is left out of the answer. */
  async insert(rows: readonly NewEnrolment[], now: Date): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const inserted = await tx.query<{ id: string }>(sql`
      insert into enrolments
      select * from jsonb_populate_recordset(null::enrolments, ${JSON.stringify(rows.map((row) => toRow(row, now)))}::jsonb)
      on conflict on constraint enrolments_once do nothing returning id`);
    return new Set(inserted.map(({ id }) => id));
  },

  async end(rows: readonly { id: string; reason: EndReason }[], now: Date): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update enrolments e set state = 'ended', end_reason = r.reason, ended_at = ${now}
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.reason)}::text[]) as r(id, reason)
      where e.id = r.id and e.state <> 'ended'`);
  },

  /** Ends those whose last touch is done. */
  async endCompleted(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql`
      update enrolments e set state = 'ended', end_reason = 'completed', ended_at = ${now}
      where e.id = any(${ids}::uuid[]) and e.state = 'running' and not exists (
        select 1 from touches t where t.enrolment_id = e.id and t.state in ('planned', 'deferred', 'sending'))`);
  },

  async move(
    rows: readonly { id: string; triggerDay: Day; lastPurchaseDay: Day }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update enrolments e
      set trigger_day = r.trigger_day, last_purchase_day = r.last_purchase_day, state = 'running'
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.triggerDay)}::date[],
                  ${rows.map((r) => r.lastPurchaseDay)}::date[]) as r(id, trigger_day, last_purchase_day)
      where e.id = r.id`);
  },

  async stillBacklog(ids: readonly string[]): Promise<NewEnrolment[]> {
    return tx.query<NewEnrolment>(sql`
      select ${allColumns} from enrolments e where e.id = any(${ids}::uuid[]) and e.state = 'backlog'`);
  },

  /** How many wait in a campaign's backlog. */
  async countBacklog(campaignId: string): Promise<number> {
    const [row] = await tx.query<{ size: number }>(sql`
      select count(*) as size from enrolments where campaign_id = ${campaignId} and state = 'backlog'`);
    return row?.size ?? 0;
  },

  async release(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql`
      update enrolments set state = 'running', released = true where id = any(${ids}::uuid[])`);
  },
});

function toRow(row: NewEnrolment, now: Date): Record<string, unknown> {
  return {
    id: row.id,
    campaign_id: row.campaignId,
    campaign_version: row.campaignVersion,
    customer_id: row.customerId,
    cycle: row.cycle,
    state: row.state,
    trigger_day: row.triggerDay,
    last_purchase_day: row.lastPurchaseDay,
    lead_days: row.leadDays,
    released: row.released,
    money_at_risk_minor: row.moneyAtRiskMinor,
    segment: row.segment,
    forecast_model_version: row.forecastModelVersion,
    forecast_epoch: row.forecastEpoch,
    forecast_sequence: row.forecastSequence,
    created_at: now,
  };
}
