import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A cycle that the company states through the API. */
@Entity('stated_cycles')
@Check('stated_cycles_scope', `scope in ('all', 'category', 'product')`)
@Check('stated_cycles_days', `days between 1 and 3650`)
export class StatedCycleEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'stated_cycles_pkey' })
  scope: 'all' | 'category' | 'product';
  /** The category or product; empty for all. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'stated_cycles_pkey' })
  code: string;
  @Column('integer')
  days: number;
}

/** What the catalogue says about the cycle of a product. */
@Entity('products')
export class ProductEntity {
  @PrimaryColumn('text', { name: 'product_id', primaryKeyConstraintName: 'products_pkey' })
  productId: string;
  @Column('integer', { name: 'stated_cycle_days', nullable: true })
  statedCycleDays: number | null;
  @Column('integer', { name: 'consumed_in_days', nullable: true })
  consumedInDays: number | null;
  @Column('bigint')
  epoch: number;
  @Column('bigint')
  sequence: number;
}
