import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { GateReport } from '@regulars/forecasting';
import type { Model } from './engine.js';

/** A fit. Immutable but for `active`, which at most one row has; without one the built-in prior is in force. */
@Entity('models')
@Index('models_one_active', ['active'], { unique: true, where: 'active' })
export class ModelEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'models_pkey' })
  version: string;
  @Column('text')
  engine: string;
  @Column('text')
  basis: string;
  @Column('jsonb')
  parameters: Model;
  @Column('date', { name: 'fitted_as_of' })
  fittedAsOf: string;
  @Column('integer')
  customers: number;
  @Column('integer', { name: 'repeat_customers' })
  repeatCustomers: number;
  @Column('bigint', { name: 'purchase_days' })
  purchaseDays: number;
  @Column('boolean')
  active: boolean;
  /** What the acceptance gate found. */
  @Column('jsonb')
  gate: GateReport;
  /** In the order of the fits: the time of two may be the same. */
  @Column('integer')
  number: number;
  /** Fits that have failed their gate in a row, up to this one. */
  @Column('integer')
  failures: number;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
}
