import { ApiProperty } from '@nestjs/swagger';
import { formatAmount, type Day, type Money } from '@regulars/kernel';
import type { AnswerOf } from '../answer-of.js';
import type { WhoActs } from '../answers/answer.js';
import { mayContact, whyNow, type AgendaRow } from './agenda.js';
import { toCsv } from './csv.js';

export interface AgendaAgreement {
  readonly day: Day;
  readonly hour: number | null;
  readonly whoActs: WhoActs | null;
}

export class AgendaResponse {
  @ApiProperty({ format: 'uuid' })
  customerId: string;
  @ApiProperty({ type: String, nullable: true })
  name: string | null;
  @ApiProperty({ type: String, nullable: true })
  phone: string | null;
  @ApiProperty({ type: String, nullable: true })
  email: string | null;
  @ApiProperty({ type: String, nullable: true })
  segment: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of the next touch, else preferred.' })
  channel: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  contactDay: string | null;
  @ApiProperty({ description: 'In words.' })
  whyNow: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  nextTouchAt: string | null;
  @ApiProperty({ type: Object, nullable: true })
  lastContact: { at: string; channel: string | null } | null;
  @ApiProperty({ type: Object, nullable: true })
  agreement: AgendaAgreement | null;
  @ApiProperty({ type: Object, nullable: true })
  expectedSpend: Money | null;
  @ApiProperty({ description: 'False: the customer said stop and gave no consent since.' })
  mayContact: boolean;
}

export function toAgendaResponse(row: AgendaRow, today: Day): AnswerOf<AgendaResponse> {
  return {
    customerId: row.customerId,
    name: row.name,
    phone: row.phone,
    email: row.email,
    segment: row.segment,
    channel: row.channel,
    contactDay: row.contactDay,
    whyNow: whyNow(row, today),
    nextTouchAt: row.nextTouchAt?.toISOString() ?? null,
    lastContact: row.lastContactAt && {
      at: row.lastContactAt.toISOString(),
      channel: row.lastContactChannel,
    },
    agreement:
      row.agreedDay === null
        ? null
        : { day: row.agreedDay, hour: row.agreedHour, whoActs: row.whoActs },
    expectedSpend:
      row.expectedSpendMinor === null || row.currency === null
        ? null
        : { amountMinor: row.expectedSpendMinor, currency: row.currency },
    mayContact: mayContact(row),
  };
}

const header = [
  'customerId',
  'name',
  'phone',
  'email',
  'segment',
  'channel',
  'contactDay',
  'whyNow',
  'nextTouchAt',
  'lastContactAt',
  'lastContactChannel',
  'agreedDay',
  'agreedHour',
  'whoActs',
  'expectedSpend',
  'currency',
  'mayContact',
];

export function agendaCsv(rows: readonly AnswerOf<AgendaResponse>[]): string {
  return toCsv(
    header,
    rows.map((row) => [
      row.customerId,
      row.name,
      row.phone,
      row.email,
      row.segment,
      row.channel,
      row.contactDay,
      row.whyNow,
      row.nextTouchAt,
      row.lastContact?.at ?? null,
      row.lastContact?.channel ?? null,
      row.agreement?.day ?? null,
      row.agreement?.hour ?? null,
      row.agreement?.whoActs ?? null,
      row.expectedSpend && formatAmount(row.expectedSpend),
      row.expectedSpend?.currency ?? null,
      row.mayContact ? 'yes' : 'no',
    ]),
  );
}
