import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Purchases per period and segment at that time; `all` = over all segments. */
@Entity('purchase_totals')
export class PurchaseTotalEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'purchase_totals_pkey' })
  period: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'purchase_totals_pkey' })
  segment: string;
  @PrimaryColumn('date', {
    name: 'period_start',
    primaryKeyConstraintName: 'purchase_totals_pkey',
  })
  periodStart: string;
  @Column('bigint')
  buyers: string;
  /** Buyers who had bought on an earlier day. */
  @Column('bigint', { name: 'returning_buyers' })
  returningBuyers: string;
  @Column('bigint', { name: 'purchase_days' })
  purchaseDays: string;
  @Column('bigint', { name: 'repeat_days' })
  repeatDays: string;
  @Column('bigint', { name: 'first_days' })
  firstDays: string;
  @Column('bigint', { name: 'second_days' })
  secondDays: string;
  /** Sum of the days since the purchase day before, over the repeat days. */
  @Column('bigint', { name: 'gap_days' })
  gapDays: string;
}

@Entity('revenue_totals')
export class RevenueTotalEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'revenue_totals_pkey' })
  period: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'revenue_totals_pkey' })
  segment: string;
  @PrimaryColumn('date', { name: 'period_start', primaryKeyConstraintName: 'revenue_totals_pkey' })
  periodStart: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'revenue_totals_pkey' })
  currency: string;
  @Column('bigint')
  orders: string;
  @Column('bigint', { name: 'repeat_orders' })
  repeatOrders: string;
  @Column('bigint', { name: 'revenue_minor' })
  revenueMinor: string;
  @Column('bigint', { name: 'repeat_revenue_minor' })
  repeatRevenueMinor: string;
}

/** Comings minus goings per day; the sum up to a day is the size on that day. */
@Entity('membership_deltas')
export class MembershipDeltaEntity {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'membership_deltas_pkey' })
  day: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'membership_deltas_pkey' })
  series: string;
  @Column('bigint')
  delta: string;
}

@Entity('touch_totals')
export class TouchTotalEntity {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'touch_totals_pkey' })
  day: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'touch_totals_pkey' })
  channel: string;
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'touch_totals_pkey' })
  campaignId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'touch_totals_pkey' })
  outcome: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'touch_totals_pkey' })
  detail: string;
  @Column('bigint')
  touches: string;
}

/** Purchases credited to a touch, by the touch's day. */
@Entity('touch_purchases')
export class TouchPurchaseEntity {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'touch_purchases_pkey' })
  day: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'touch_purchases_pkey' })
  channel: string;
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'touch_purchases_pkey' })
  campaignId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'touch_purchases_pkey' })
  currency: string;
  @Column('bigint')
  purchases: string;
  @Column('bigint', { name: 'revenue_minor' })
  revenueMinor: string;
}
