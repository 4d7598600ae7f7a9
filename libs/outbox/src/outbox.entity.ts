import { Check, Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Events that the log has not acknowledged yet. `sequence` is drawn under the lock of the key's row. */
@Entity('outbox')
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'outbox_pkey',
  })
  sequence: string;
  @Column('bigint')
  epoch: string;
  @Column('uuid')
  id: string;
  @Column('text')
  topic: string;
  @Column('bytea', { nullable: true })
  key: Buffer | null;
  @Column('text')
  type: string;
  @Column('integer')
  version: number;
  @Column('text', { nullable: true })
  trace: string | null;
  /** Null is a tombstone. */
  @Column('bytea', { nullable: true })
  value: Buffer | null;
  /** Header name to base64 value: those of a dead letter's notice. */
  @Column('jsonb', { name: 'extra_headers', nullable: true })
  extraHeaders: Record<string, string> | null;
  @Column('timestamp with time zone', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** A row that the log will never take: set aside with its reason, so that it cannot block the rest. */
@Entity('outbox_refused')
export class OutboxRefusedEntity {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'outbox_refused_pkey' })
  sequence: string;
  @Column('bigint')
  epoch: string;
  @Column('uuid')
  id: string;
  @Column('text')
  topic: string;
  @Column('bytea', { nullable: true })
  key: Buffer | null;
  @Column('text')
  type: string;
  @Column('text')
  reason: string;
  @Column('timestamp with time zone', { name: 'refused_at', default: () => 'now()' })
  refusedAt: Date;
}

/** How many rows were written and acknowledged, by the connection that did it; 0 holds those of ended ones. */
@Entity('outbox_counts')
export class OutboxCountEntity {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'outbox_counts_pkey' })
  backend: number;
  @Column('bigint', { default: 0 })
  written: string;
  @Column('bigint', { default: 0 })
  acknowledged: string;
}

/** One row: raised at every start, so that a restored database still writes newer events. */
@Entity('outbox_epoch')
@Check('outbox_epoch_one_row', 'one_row')
export class OutboxEpochEntity {
  @PrimaryColumn('boolean', {
    name: 'one_row',
    default: true,
    primaryKeyConstraintName: 'outbox_epoch_pkey',
  })
  oneRow: boolean;
  @Column('bigint')
  epoch: string;
  /** Which database this was when the epoch was raised last: cluster and timeline. */
  @Column('text', { nullable: true })
  timeline: string | null;
  /** Since when the data may lack what was done before: another timeline was found, or somebody said so. */
  @Column('timestamp with time zone', { name: 'restored_at', nullable: true })
  restoredAt: Date | null;
}

/** The newest event of a key that a consumer has seen: what is not newer is ignored, for ever. */
@Entity('inbox')
export class InboxEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'inbox_pkey' })
  consumer: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'inbox_pkey' })
  stream: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'inbox_pkey' })
  key: string;
  @Column('bigint')
  epoch: string;
  @Column('bigint')
  sequence: string;
}

export const outboxEntities = [
  OutboxEntity,
  OutboxRefusedEntity,
  OutboxCountEntity,
  OutboxEpochEntity,
  InboxEntity,
];
