import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A touch done by a person, or what a person must do after an answer. */
@Entity('tasks')
@Index('tasks_open', ['state', 'dueAt', 'id'])
@Index('tasks_customer', ['customerId'])
@Index('tasks_touch', ['touchId'])
export class TaskEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'tasks_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('uuid', { name: 'touch_id', nullable: true })
  touchId: string | null;
  @Column('text')
  kind: string;
  @Column('text')
  script: string;
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
  @Column('text')
  state: string;
  @Column('integer')
  attempt: number;
  @Column('text', { nullable: true })
  outcome: string | null;
  @Column('text', { name: 'outcome_by', nullable: true })
  outcomeBy: string | null;
  @Column('text', { nullable: true })
  note: string | null;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
  @Column('timestamp with time zone', { name: 'done_at', nullable: true })
  doneAt: Date | null;
}
