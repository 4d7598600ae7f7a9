import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsOptional,
  IsString,
  Length,
  ValidateIf,
  Matches,
  IsDefined,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { AnswerKind } from '@regulars/contracts';
import { AgreementBody, answerKinds } from '../answers/answer.dto.js';

const outcomes = [...answerKinds, 'done'] as const;

/** What came of a task: an answer of the customer, or `done` where there was nothing to answer. */
export class TaskOutcomeBody {
  @ApiProperty({ enum: outcomes })
  @IsIn(outcomes)
  outcome: AnswerKind | 'done';

  @ApiPropertyOptional({ description: 'For `no`: why, as a code of the company.' })
  @ValidateIf((body: TaskOutcomeBody) => body.outcome === 'no' || body.reason !== undefined)
  @Matches(/^[A-Za-z0-9._:/-]{1,64}$/)
  reason?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 2_000)
  note?: string;

  @ApiPropertyOptional({ description: 'Who did it.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  by?: string;

  @ApiPropertyOptional({ type: AgreementBody, description: 'For `later`.' })
  @ValidateIf((body: TaskOutcomeBody) => body.outcome === 'later' || body.agreement !== undefined)
  @IsDefined()
  @ValidateNested()
  @Type(() => AgreementBody)
  agreement?: AgreementBody;
}
