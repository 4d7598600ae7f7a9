import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The days by which customers are found who are due within a category; the forecast itself is the customer's. */
@Entity('category_forecasts')
@Index('category_forecasts_contact', ['category', 'contactDay', 'customerId', 'lostDay'])
export class CategoryForecastEntity {
  @PrimaryColumn('uuid', {
    name: 'customer_id',
    primaryKeyConstraintName: 'category_forecasts_pkey',
  })
  customerId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'category_forecasts_pkey' })
  category: string;
  /** The due day, else the reminder day. */
  @Column('date', { name: 'contact_day' })
  contactDay: string;
  @Column('date', { name: 'lost_day' })
  lostDay: string;
}
