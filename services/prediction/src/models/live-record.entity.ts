import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the forecasts of a version stood up to the purchases that came on a day. */
@Entity('live_records')
export class LiveRecordEntity {
  @PrimaryColumn('text', { name: 'model_version', primaryKeyConstraintName: 'live_records_pkey' })
  modelVersion: string;
  @PrimaryColumn('date', { name: 'purchase_day', primaryKeyConstraintName: 'live_records_pkey' })
  purchaseDay: string;
  @Column('integer')
  judged: number;
  @Column('integer', { name: 'with_date' })
  withDate: number;
  @Column('integer', { name: 'within_14_days' })
  within14Days: number;
  /** Of those with a date: "last purchase + mean gap" came within 14 days. */
  @Column('integer', { name: 'baseline_within_14_days' })
  baselineWithin14Days: number;
  @Column('integer', { name: 'with_window' })
  withWindow: number;
  @Column('integer', { name: 'inside_window' })
  insideWindow: number;
}
