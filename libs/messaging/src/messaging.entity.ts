import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** The next offset per partition, stored with the effect; the truth that the broker's offset is checked against. */
@Entity('consumer_positions')
export class ConsumerPositionEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_positions_pkey' })
  consumer: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_positions_pkey' })
  topic: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'consumer_positions_pkey' })
  partition: number;
  @Column('bigint', { name: 'next_offset' })
  nextOffset: string;
  /** Dead letters in a row on this partition: the brake counts them. */
  @Column('integer', { name: 'dead_in_row', default: 0 })
  deadInRow: number;
  @Column('timestamp with time zone', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}

/** How many records ended how; with the offsets passed it makes the sum of guarantee G4. */
@Entity('consumer_counters')
export class ConsumerCounterEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_counters_pkey' })
  consumer: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_counters_pkey' })
  topic: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'consumer_counters_pkey' })
  partition: number;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_counters_pkey' })
  outcome: string;
  @Column('bigint')
  count: string;
}

/** An event set aside: with its origin, why, and what became of it. */
@Entity('dead_letters')
@Unique('dead_letters_origin', ['consumer', 'topic', 'partition', 'offset'])
@Index('dead_letters_state', ['state', 'id'])
@Index('dead_letters_open', ['consumer', 'topic', 'key'], { where: "state in ('dead', 'parked')" })
export class DeadLetterEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'dead_letters_pkey',
  })
  id: string;
  @Column('text')
  consumer: string;
  @Column('text')
  topic: string;
  @Column('integer')
  partition: number;
  @Column('bigint')
  offset: string;
  @Column('bytea', { nullable: true })
  key: Buffer | null;
  @Column('bytea', { nullable: true })
  value: Buffer | null;
  /** Header name to base64 value. */
  @Column('jsonb')
  headers: Record<string, string>;
  @Column('text')
  reason: string;
  @Column('text', { name: 'error_text' })
  errorText: string;
  @Column('integer')
  attempts: number;
  @Column('timestamp with time zone', { name: 'first_failed_at' })
  firstFailedAt: Date;
  @Column('timestamp with time zone', { name: 'last_failed_at' })
  lastFailedAt: Date;
  @Column('text')
  state: 'dead' | 'parked' | 'redriven' | 'discarded';
  @Column('timestamp with time zone', { name: 'settled_at', nullable: true })
  settledAt: Date | null;
  @Column('text', { name: 'settled_by', nullable: true })
  settledBy: string | null;
}

/** A consumer stopped by too many dead letters; only an operator lets it go on. */
@Entity('consumer_brakes')
export class ConsumerBrakeEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consumer_brakes_pkey' })
  consumer: string;
  @Column('text')
  reason: string;
  @Column('timestamp with time zone', { name: 'set_at', default: () => 'now()' })
  setAt: Date;
}

export const messagingEntities = [
  ConsumerPositionEntity,
  ConsumerCounterEntity,
  DeadLetterEntity,
  ConsumerBrakeEntity,
];
