import type { BacktestReport } from '@regulars/forecasting';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One judgement of the default model on the shop's own past, beside all baselines. */
@Entity('backtests')
@Check('backtests_state', `state in ('running', 'done', 'failed')`)
export class BacktestEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backtests_pkey' })
  id: string;
  @Column('date', { name: 'as_of_day' })
  asOfDay: string;
  @Column('text')
  state: 'running' | 'done' | 'failed';
  @Column('integer', { default: 0 })
  done: number;
  @Column('integer', { default: 0 })
  of: number;
  @Column('jsonb', { nullable: true })
  report: BacktestReport | null;
  /** Why there is no report. */
  @Column('text', { nullable: true })
  failure: string | null;
  @Column('timestamp with time zone', { name: 'requested_at' })
  requestedAt: Date;
  @Column('timestamp with time zone', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
