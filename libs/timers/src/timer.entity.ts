import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('timers')
@Unique('timers_kind_key', ['kind', 'key'])
@Index('timers_kind_due_at', ['kind', 'dueAt'])
export class TimerEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'timers_pkey',
  })
  id: string;
  @Column('text')
  kind: string;
  @Column('text')
  key: string;
  /** By the service's clock. */
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
  @Column('jsonb')
  data: Record<string, string | number | boolean | null>;
  /** By the database's clock: a claimer is firing it, or it failed and is put off, until then. */
  @Column('timestamp with time zone', { name: 'leased_until', nullable: true })
  leasedUntil: Date | null;
  /** How often it failed by its own fault. */
  @Column('integer', { default: 0 })
  attempts: number;
  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;
}

export const timersEntities = [TimerEntity];
