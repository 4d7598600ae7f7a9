import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CustomerForecast } from './make-forecast.js';

/** The forecast as published, with the days that lists are read by. */
@Entity('forecasts')
@Index('forecasts_contact', ['contactDay', 'customerId', 'lostDay'])
export class ForecastEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'forecasts_pkey' })
  customerId: string;
  @Column('integer', { name: 'purchase_count' })
  purchaseCount: number;
  @Column('date', { name: 'last_purchase_day' })
  lastPurchaseDay: string;
  /** The due day, else the reminder day. */
  @Column('date', { name: 'contact_day' })
  contactDay: string;
  @Column('date', { name: 'lost_day' })
  lostDay: string;
  /** Since when the dates of this forecast stand: it is judged by purchases after that only. */
  @Column('date', { name: 'published_day' })
  publishedDay: string;
  @Column('jsonb')
  forecast: CustomerForecast;
}
