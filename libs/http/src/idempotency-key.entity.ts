import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer given to a call with an `Idempotency-Key`, kept for 24 h. */
@Entity('idempotency_keys')
@Index('idempotency_keys_expires_at', ['expiresAt'])
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', {
    name: 'api_key_id',
    primaryKeyConstraintName: 'idempotency_keys_pkey',
  })
  apiKeyId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_keys_pkey' })
  key: string;

  @Column('text')
  fingerprint: string;

  @Column('smallint')
  status: number;

  @Column('jsonb')
  headers: Record<string, string>;

  /** JSON as text: a jsonb column would reorder it. */
  @Column('text')
  body: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
