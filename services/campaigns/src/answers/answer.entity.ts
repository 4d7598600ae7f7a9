import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What came back; the words in `note` stay in this service. */
@Entity('answers')
@Index('answers_touch', ['touchId', 'id'])
@Index('answers_customer', ['customerId'])
export class AnswerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'answers_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('uuid', { name: 'touch_id' })
  touchId: string;
  @Column('text')
  answer: string;
  @Column('text', { nullable: true })
  reason: string | null;
  @Column('text', { nullable: true })
  note: string | null;
  @Column('timestamp with time zone', { name: 'answered_at' })
  answeredAt: Date;
}
