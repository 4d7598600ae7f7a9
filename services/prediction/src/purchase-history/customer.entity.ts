import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StoredState } from './customer-state.js';

/** The row that is locked before anything of a customer changes; all that remains of him after erasure. */
@Entity('customers')
export class CustomerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pkey' })
  id: string;
  /** The last purchase event that his forecast has answered. */
  @Column('bigint', { name: 'purchase_epoch', default: 0 })
  purchaseEpoch: number;
  @Column('bigint', { name: 'purchase_sequence', default: 0 })
  purchaseSequence: number;
  /** The fold of his ledger. Null: none yet, or no order counts. */
  @Column('jsonb', { nullable: true })
  state: StoredState | null;
  @Column('timestamp with time zone', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;
}
