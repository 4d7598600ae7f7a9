import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A day that was agreed by the answer `later`. */
@Entity('agreements')
@Index('agreements_open', ['customerId'], { unique: true, where: "state = 'open'" })
@Index('agreements_customer', ['customerId'])
export class AgreementEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'agreements_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('uuid', { name: 'touch_id' })
  touchId: string;
  @Column('date')
  day: string;
  @Column('integer')
  hour: number;
  @Column('text', { name: 'who_acts' })
  whoActs: string;
  @Column('text')
  state: string;
  @Column('timestamp with time zone', { name: 'made_at' })
  madeAt: Date;
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
  @Column('timestamp with time zone', { name: 'settled_at', nullable: true })
  settledAt: Date | null;
}
