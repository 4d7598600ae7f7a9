import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How a forecast stood up to the purchase that came. */
@Entity('forecast_records')
@Index('forecast_records_day', ['purchaseDay'])
export class ForecastRecordEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'forecast_records_pkey' })
  customerId: string;
  @PrimaryColumn('uuid', { name: 'purchase_id', primaryKeyConstraintName: 'forecast_records_pkey' })
  purchaseId: string;
  @Column('bigint')
  epoch: string;
  @Column('bigint')
  sequence: string;
  @Column('date', { name: 'purchase_day' })
  purchaseDay: string;
  /** Null: the forecast gave no window. */
  @Column('boolean', { name: 'inside_window', nullable: true })
  insideWindow: boolean | null;
  @Column('double precision', { name: 'window_probability', nullable: true })
  windowProbability: number | null;
  @Column('integer', { name: 'error_days', nullable: true })
  errorDays: number | null;
  @Column('integer', { name: 'baseline_error_days', nullable: true })
  baselineErrorDays: number | null;
}
