import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One walk over all customers after new parameters or stated cycles. */
@Entity('rescorings')
@Check('rescorings_state', `state in ('running', 'done', 'superseded')`)
@Index('rescorings_running', ['id'], { where: `state = 'running'` })
export class RescoringEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'rescorings_pkey' })
  id: string;
  @Column('text', { name: 'model_version' })
  modelVersion: string;
  @Column('date', { name: 'as_of_day' })
  asOfDay: string;
  @Column('text')
  state: 'running' | 'done' | 'superseded';
  /** Whether the walk waits for a fit. */
  @Column('boolean', { name: 'fit_pending', default: false })
  fitPending: boolean;
  @Column('integer', { default: 0 })
  attempts: number;
  @Column('text', { nullable: true })
  failure: string | null;
  @Column('timestamp with time zone', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt: Date | null;
  /** How far the walk has come, in id order. */
  @Column('uuid', { name: 'last_customer_id', nullable: true })
  lastCustomerId: string | null;
  @Column('integer', { default: 0 })
  customers: number;
  /** Customers whose forecast became another one. */
  @Column('integer', { default: 0 })
  changed: number;
  @Column('timestamp with time zone', { name: 'requested_at' })
  requestedAt: Date;
  @Column('timestamp with time zone', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
