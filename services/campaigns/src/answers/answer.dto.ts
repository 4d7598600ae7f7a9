import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { AnswerKind, Channel } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import { whoActs, type WhoActs } from './answer.js';

export const answerKinds = ['bought', 'yes', 'later', 'no', 'stop', 'not-reached'] as const;
const channels = ['email', 'sms', 'telegram', 'whatsapp', 'viber', 'webhook', 'task'] as const;

export class AgreementBody {
  @ApiProperty({ format: 'date', example: '2026-06-01' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  day: Day;

  @ApiPropertyOptional({ type: 'integer', default: 11, description: "Hour of the customer's day." })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(23)
  hour?: number;

  @ApiProperty({ enum: whoActs })
  @IsIn(whoActs)
  whoActs: WhoActs;
}

export class AnswerBody {
  @ApiProperty({ enum: answerKinds })
  @IsIn(answerKinds)
  answer: AnswerKind;

  @ApiPropertyOptional({ description: 'For `no`: why, as a code of the company.' })
  @ValidateIf((body: AnswerBody) => body.answer === 'no' || body.reason !== undefined)
  @Matches(/^[A-Za-z0-9._:/-]{1,64}$/)
  reason?: string;

  @ApiPropertyOptional({ description: "The customer's own words." })
  @IsOptional()
  @IsString()
  @Length(1, 2_000)
  note?: string;

  @ApiPropertyOptional({ type: AgreementBody, description: 'For `later`.' })
  @ValidateIf((body: AnswerBody) => body.answer === 'later' || body.agreement !== undefined)
  @IsDefined()
  @ValidateNested()
  @Type(() => AgreementBody)
  agreement?: AgreementBody;
}

export class CustomerAnswerBody extends AnswerBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  customerId: string;

  @ApiPropertyOptional({ enum: channels, default: 'task', description: 'Where it was said.' })
  @IsOptional()
  @IsIn(channels)
  channel?: Channel;
}
