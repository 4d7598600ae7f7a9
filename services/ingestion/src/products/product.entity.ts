import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the company sells, under the company's own id. */
@Entity('products')
export class ProductEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'products_pkey' })
  id: string;
  @Column('jsonb')
  titles: Record<string, string>;
  @Column('text', { nullable: true })
  category: string | null;
  @Column('text', { nullable: true })
  brand: string | null;
  @Column('jsonb', { name: 'goes_with' })
  goesWith: string[];
  @Column('text', { name: 'upgrade_of', nullable: true })
  upgradeOf: string | null;
  @Column('integer', { name: 'consumed_in_days', nullable: true })
  consumedInDays: number | null;
  @Column('integer', { name: 'stated_cycle_days', nullable: true })
  statedCycleDays: number | null;
  /** Null while the row only holds the lock of a product that is being made. */
  @Column('timestamp with time zone', { name: 'changed_at', nullable: true })
  changedAt: Date | null;
}
