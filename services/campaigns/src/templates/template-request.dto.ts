import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Channel } from '@regulars/contracts';
import { renderLimits } from './liquid-engine.js';
import type { Template, TemplateContent } from './template.js';

const KEY = /^[a-z0-9][a-z0-9-]{0,47}$/;
const templateChannels = [
  'email',
  'sms',
  'telegram',
  'whatsapp',
  'viber',
  'webhook',
  'task',
] as const satisfies Channel[];

/** Which parts a channel reads; others would be words that nobody ever sees. */
class WordsBody {
  @ApiProperty({ example: 'Call {{ customer.name }} and ask how it went.' })
  @IsString()
  @Length(1, renderLimits.sourceCharacters)
  text: string;
}

class EmailBody extends WordsBody {
  @ApiProperty({ example: '{{ company.name }}: soon time again?' })
  @IsString()
  @Length(1, 500)
  subject: string;

  @ApiPropertyOptional({ description: 'Every output is escaped.' })
  @IsOptional()
  @IsString()
  @Length(1, renderLimits.sourceCharacters)
  html?: string;
}

class WebhookBody {
  @ApiProperty({ example: '{ "customerId": {{ customer.id }}, "dueDay": {{ dueDay }} }' })
  @IsString()
  @Length(2, renderLimits.sourceCharacters)
  json: string;
}

class ContentsBody {
  @ApiPropertyOptional({ type: EmailBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => EmailBody)
  email?: EmailBody;

  @ApiPropertyOptional({ type: WordsBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordsBody)
  sms?: WordsBody;

  @ApiPropertyOptional({ type: WordsBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordsBody)
  telegram?: WordsBody;

  @ApiPropertyOptional({ type: WordsBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordsBody)
  whatsapp?: WordsBody;

  @ApiPropertyOptional({ type: WordsBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordsBody)
  viber?: WordsBody;

  @ApiPropertyOptional({ type: WebhookBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WebhookBody)
  webhook?: WebhookBody;

  @ApiPropertyOptional({ type: WordsBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordsBody)
  task?: WordsBody;
}

export class SaveTemplateBody {
  @ApiProperty({ example: 'reminder', description: 'Saving a known key makes its next version.' })
  @Matches(KEY)
  key: string;

  @ApiProperty({ example: 'Reminder: the need is about to return' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  title: string;

  @ApiProperty({ type: ContentsBody })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => ContentsBody)
  contents: ContentsBody;
}

export class TemplateKeyParam {
  @Matches(KEY)
  id: string;
}

export class PreviewBody {
  @ApiProperty({ enum: templateChannels })
  @IsIn(templateChannels)
  channel: Channel;

  @ApiPropertyOptional({ type: 'integer', description: 'The newest when left out.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version?: number;

  @ApiPropertyOptional({ example: 'Ada' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  customerName?: string;

  @ApiPropertyOptional({ example: 'Coffee beans' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  productTitle?: string;
}

/** The parts by name, without the classes that checked them. */
export function contentsOf(body: ContentsBody): Template['contents'] {
  const entries = templateChannels.flatMap((channel): [Channel, TemplateContent][] => {
    const content = body[channel];
    return content ? [[channel, { ...content }]] : [];
  });
  return Object.fromEntries(entries);
}
