import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Personal data: what a message and a call need, and nothing else. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'profiles_pkey' })
  customerId: string;
  @Column('text', { nullable: true })
  name: string | null;
  @Column('text', { nullable: true })
  phone: string | null;
  @Column('text', { nullable: true })
  email: string | null;
  @Column('text', { name: 'preferred_channel', nullable: true })
  preferredChannel: string | null;
  @Column('text', { nullable: true })
  language: string | null;
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;
  @Column('bigint')
  epoch: string;
  @Column('bigint')
  sequence: string;
}
