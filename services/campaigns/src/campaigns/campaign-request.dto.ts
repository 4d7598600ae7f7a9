import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
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
import type { Channel, CycleSegment, Directness, LostKind } from '@regulars/contracts';

export const stepChannels = ['email', 'task', 'webhook'] as const satisfies Channel[];
const segments = ['no-purchase', 'new', 'one-time', 'periodic', 'regular', 'lost'] as const;
const lostKinds = ['lapsed', 'no-cycle'] as const;
const directness = ['presence', 'reminder', 'direct-offer'] as const;
const triggerKinds = ['due-day', 'purchase'] as const;

class AudienceBody {
  @ApiProperty({ enum: segments, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(segments, { each: true })
  segments: CycleSegment[];

  @ApiPropertyOptional({ enum: lostKinds, isArray: true, description: 'Both when left out.' })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(lostKinds, { each: true })
  lostKinds?: LostKind[];
}

class TriggerBody {
  @ApiProperty({
    enum: triggerKinds,
    description:
      '`due-day`: the day on which the need returns, where there is none the reminder day.',
  })
  @IsIn(triggerKinds)
  kind: 'due-day' | 'purchase';

  @ApiPropertyOptional({ type: 'integer', default: 0, description: 'Days after that day.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(730)
  daysAfter?: number;
}

class LeadBody {
  @ApiPropertyOptional({ default: 0.15, description: 'Share of the cycle.' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  share?: number;

  @ApiPropertyOptional({ type: 'integer', default: 2 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  minDays?: number;

  @ApiPropertyOptional({ type: 'integer', default: 21 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  maxDays?: number;
}

export class StepBody {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Days from the trigger day; or `leadShare`.',
  })
  @ValidateIf((step: StepBody) => step.leadShare === undefined || step.day !== undefined)
  @IsInt()
  @Min(-365)
  @Max(730)
  day?: number;

  @ApiPropertyOptional({
    description: 'Share of the lead: -1 is a whole lead before the trigger day.',
  })
  @IsOptional()
  @IsNumber()
  @Min(-1)
  @Max(2)
  leadShare?: number;

  @ApiProperty({ enum: directness })
  @IsIn(directness)
  directness: Directness;

  @ApiPropertyOptional({ enum: [...stepChannels, 'preferred'], default: 'email' })
  @IsOptional()
  @IsIn([...stepChannels, 'preferred'])
  channel?: (typeof stepChannels)[number] | 'preferred';

  @ApiPropertyOptional({ enum: stepChannels, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(stepChannels, { each: true })
  fallbacks?: (typeof stepChannels)[number][];

  @ApiPropertyOptional({ description: 'Key of a template; the built-in words when left out.' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,47}$/)
  template?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'The newest when left out.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  templateVersion?: number;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  offerId?: string;

  @ApiPropertyOptional({ type: 'integer', default: 11, description: "Hour of the customer's day." })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(23)
  hour?: number;
}

/** A whole definition: what is left out takes its default. */
export class CampaignBody {
  @ApiProperty({ example: 'Due soon' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name: string;

  @ApiPropertyOptional({ default: 'marketing', description: 'Which consent the touches need.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._:/-]{1,64}$/)
  purpose?: string;

  @ApiProperty({ type: AudienceBody })
  @IsDefined()
  @ValidateNested()
  @Type(() => AudienceBody)
  audience: AudienceBody;

  @ApiProperty({ type: TriggerBody })
  @IsDefined()
  @ValidateNested()
  @Type(() => TriggerBody)
  trigger: TriggerBody;

  @ApiPropertyOptional({ type: LeadBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => LeadBody)
  lead?: LeadBody;

  @ApiPropertyOptional({ type: 'integer', default: 28 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  shortCycleDays?: number;

  @ApiPropertyOptional({ type: [StepBody], description: 'The default ladder when left out.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => StepBody)
  ladder?: StepBody[];

  @ApiPropertyOptional({ type: 'integer', default: 50 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  backlogPerDay?: number;
}
