import type { CycleSegment, LostKind } from '@regulars/contracts';
import { sql, type Database } from '@regulars/persistence';
import type { Membership, SegmentCause, SegmentInputs } from './membership.js';

export interface SegmentCount {
  readonly segment: CycleSegment;
  readonly lostKind: LostKind | null;
  readonly customers: number;
}

export interface MemberRow {
  readonly customerId: string;
  readonly segment: CycleSegment;
  readonly lostKind: LostKind | null;
  readonly sinceDay: string;
  readonly cause: SegmentCause;
  readonly inputs: SegmentInputs;
  readonly modelVersion: string | null;
}

export interface ChangeRow {
  readonly from: CycleSegment | null;
  readonly to: CycleSegment;
  readonly lostKind: LostKind | null;
  readonly cause: SegmentCause;
  readonly day: string;
  readonly decidedAt: Date;
  readonly inputs: SegmentInputs;
  readonly modelVersion: string | null;
}

export interface FactsRow {
  readonly orders: number;
  readonly purchaseDays: number;
  readonly firstPurchaseDay: string | null;
  readonly lastPurchaseDay: string | null;
  readonly revenue: readonly { readonly amountMinor: number; readonly currency: string }[];
}

export interface MemberFilter {
  readonly segment: CycleSegment;
  readonly lostKind: LostKind | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Reads behind the API. Customers that were merged into another one are left out: the other one stands for them. */
export const segmentReads = (database: Database) => ({
  counts(): Promise<SegmentCount[]> {
    return database.query<SegmentCount>(sql`
      select m.segment, m.lost_kind as "lostKind", count(*) as customers
      from memberships m join customers c using (customer_id)
      where c.merged_into is null group by 1, 2`);
  },

  /** At most `limit` members in id order. */
  members({ segment, lostKind, after, limit }: MemberFilter): Promise<MemberRow[]> {
    return database.query<MemberRow>(sql`
      select ${memberColumns} from memberships m join customers c using (customer_id)
      where m.segment = ${segment} and c.merged_into is null
        and m.customer_id > ${after ?? noId}::uuid
        and (${lostKind ?? null}::text is null or m.lost_kind = ${lostKind ?? null})
      order by m.customer_id limit ${limit}`);
  },

  async member(customerId: string): Promise<MemberRow | undefined> {
    const rows = await database.query<MemberRow>(sql`
      select ${memberColumns} from memberships m where m.customer_id = ${customerId}`);
    return rows[0];
  },

  /** The newest moves first. */
  history(customerId: string, limit: number): Promise<ChangeRow[]> {
    return database.query<ChangeRow>(sql`
      select from_segment as "from", to_segment as "to", lost_kind as "lostKind", cause, day,
             decided_at as "decidedAt", inputs, model_version as "modelVersion"
      from segment_changes where customer_id = ${customerId} order by id desc limit ${limit}`);
  },

  async facts(customerId: string): Promise<FactsRow | undefined> {
    const rows = await database.query<FactsRow>(sql`
      with counted as (select * from orders where customer_id = ${customerId} and purchase_day is not null),
           sums as (select currency, sum(total_minor)::bigint as minor from counted group by currency)
      select count(*) as orders, count(distinct purchase_day) as "purchaseDays",
             min(purchase_day) as "firstPurchaseDay", max(purchase_day) as "lastPurchaseDay",
             coalesce((select jsonb_agg(jsonb_build_object('amountMinor', minor, 'currency', currency)
                                        order by currency) from sums), '[]') as revenue
      from counted`);
    return rows[0];
  },
});

const noId = '00000000-0000-0000-0000-000000000000';
const memberColumns = sql`m.customer_id as "customerId", m.segment, m.lost_kind as "lostKind",
  m.since_day as "sinceDay", m.cause, m.inputs, m.model_version as "modelVersion"`;

export function toMembership(row: MemberRow): Membership {
  const { segment, sinceDay, cause, inputs, lostKind, modelVersion } = row;
  return {
    segment,
    sinceDay,
    cause,
    inputs,
    ...(lostKind === null ? {} : { lostKind }),
    ...(modelVersion === null ? {} : { modelVersion }),
  };
}
