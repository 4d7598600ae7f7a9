import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageInfo } from '@regulars/http';

const CODE = /^[A-Za-z0-9._:/-]{1,64}$/;
const most = { minimum: 1, maximum: 3650 };

export class RescoreQuery {
  @ApiPropertyOptional({
    example: '1998-07-01',
    description: 'The last purchase day that the fit may see; today by default.',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'Write asOf as a day, YYYY-MM-DD.' })
  asOf?: string;
}

export class StatedCategoryCycle {
  @ApiProperty({ example: 'phones/cases' })
  @Matches(CODE, { message: 'A category is 1-64 letters, digits and . _ : / -.' })
  category: string;

  @ApiProperty({ type: 'integer', ...most, example: 90 })
  @IsInt()
  @Min(1)
  @Max(3650)
  days: number;
}

export class StatedProductCycle {
  @ApiProperty({ example: 'coffee-1kg' })
  @Matches(CODE, { message: 'A product id is 1-64 letters, digits and . _ : / -.' })
  productId: string;

  @ApiProperty({ type: 'integer', ...most, example: 30 })
  @IsInt()
  @Min(1)
  @Max(3650)
  days: number;
}

/** Unlike `IsOptional`, does not let null pass. */
const IfGiven = () => ValidateIf((_, value) => value !== undefined);

export class StatedCyclesBody {
  @ApiPropertyOptional({ type: 'integer', ...most, description: 'For everything else.' })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(3650)
  all?: number;

  @ApiPropertyOptional({ type: [StatedCategoryCycle] })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ArrayUnique((cycle: StatedCategoryCycle | undefined) => cycle?.category)
  @ValidateNested({ each: true })
  @Type(() => StatedCategoryCycle)
  categories?: StatedCategoryCycle[];

  @ApiPropertyOptional({ type: [StatedProductCycle] })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ArrayUnique((cycle: StatedProductCycle | undefined) => cycle?.productId)
  @ValidateNested({ each: true })
  @Type(() => StatedProductCycle)
  products?: StatedProductCycle[];
}

export class RescoringResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ description: 'Where to follow it.' })
  url: string;
  @ApiProperty({ enum: ['running', 'done', 'superseded'] })
  state: string;
  @ApiProperty({ description: 'What it carries; while a fit is awaited, the version in force.' })
  modelVersion: string;
  @ApiProperty({ description: 'Whether the walk still waits for a fit.' })
  fitPending: boolean;
  @ApiProperty({ format: 'date' })
  asOf: string;
  @ApiProperty({ type: 'integer', description: 'Customers gone through so far.' })
  customers: number;
  @ApiProperty({
    type: 'integer',
    description: 'Of them, those whose forecast became another one.',
  })
  changed: number;
  @ApiProperty({ format: 'date-time' })
  requestedAt: string;
  @ApiPropertyOptional({ format: 'date-time' })
  finishedAt?: string;
}

export class StatedCyclesResponse {
  @ApiPropertyOptional({ type: 'integer' })
  all?: number;
  @ApiProperty({ type: [StatedCategoryCycle] })
  categories: StatedCategoryCycle[];
  @ApiProperty({ type: [StatedProductCycle] })
  products: StatedProductCycle[];
}

export class StatedCyclesAccepted extends StatedCyclesResponse {
  @ApiProperty({ description: 'The walk that carries them to every customer.' })
  rescoring: RescoringResponse;
}

export class GateCheckResponse {
  @ApiProperty()
  name: string;
  @ApiProperty()
  passed: boolean;
  @ApiProperty({ description: 'A ratio, or a difference to an opponent.' })
  value: number;
  @ApiProperty({ description: 'Its 95 % interval: failed is what lies outside the limits whole.' })
  low: number;
  @ApiProperty()
  high: number;
  @ApiPropertyOptional()
  atLeast?: number;
  @ApiPropertyOptional()
  atMost?: number;
}

export class GateResponse {
  @ApiProperty({ enum: ['pass', 'fail', 'not enough data'] })
  verdict: string;
  @ApiProperty({ type: [String], description: 'The days from which it was judged.' })
  origins: string[];
  @ApiProperty({ type: 'integer', description: 'Customers who bought in the time judged.' })
  buyers: number;
  @ApiProperty({ type: [GateCheckResponse] })
  checks: GateCheckResponse[];
}

export class LiveRecordResponse {
  @ApiProperty({ type: 'integer', description: 'Forecasts judged by the purchase that came.' })
  judged: number;
  @ApiProperty({ type: 'integer', description: 'Of them, with a date, and a mean gap to compare.' })
  withDate: number;
  @ApiProperty({ type: 'integer', description: 'Of these, at most 14 days off.' })
  within14Days: number;
  @ApiProperty({ type: 'integer', description: 'The same of last purchase + mean gap.' })
  baselineWithin14Days: number;
  @ApiProperty({ type: 'integer' })
  withWindow: number;
  @ApiProperty({ type: 'integer' })
  insideWindow: number;
}

export class ModelResponse {
  @ApiProperty()
  version: string;
  @ApiProperty()
  engine: string;
  @ApiProperty({ enum: ['own data', 'blend', 'built-in prior'] })
  basis: string;
  @ApiProperty()
  active: boolean;
  @ApiPropertyOptional({ format: 'date' })
  fittedAsOf?: string;
  @ApiProperty({ type: 'integer' })
  customers: number;
  @ApiProperty({ type: 'integer' })
  repeatCustomers: number;
  @ApiProperty({ type: 'integer' })
  purchaseDays: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number' },
    description: 'What the fit found, in time units of unitDays.',
  })
  parameters: Record<string, number>;
  @ApiPropertyOptional({
    description: 'Whether the fit may replace the one in use, judged on what had come by then.',
  })
  gate?: GateResponse;
  @ApiPropertyOptional({
    description: 'Its hit rate on the own customers, beside the plainest rule.',
  })
  live?: LiveRecordResponse;
  @ApiPropertyOptional({ format: 'date-time' })
  createdAt?: string;
}

export class PendingFitResponse {
  @ApiProperty({ format: 'date' })
  asOf: string;
  @ApiProperty({ format: 'date-time' })
  requestedAt: string;
  @ApiProperty({ type: 'integer', description: 'How often it was begun.' })
  attempts: number;
  @ApiPropertyOptional({ description: 'Why the last attempt brought none.' })
  failure?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Begun again then, unless it is in.' })
  nextAttemptAt?: string;
}

export class RefitsResponse {
  @ApiProperty({ type: 'integer', description: 'Fits that failed their gate since one did not.' })
  failedInARow: number;
  @ApiPropertyOptional({
    format: 'date',
    description: 'Before it only much more data, drift or a request bring another fit.',
  })
  notBefore?: string;
  @ApiPropertyOptional({ description: 'The fit that is awaited.' })
  pending?: PendingFitResponse;
}

export class StandingBacktestResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ description: 'The whole report.' })
  url: string;
  @ApiProperty({ format: 'date' })
  asOf: string;
  @ApiProperty({ type: [String] })
  origins: string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'The default model and every baseline, means over the origins.',
  })
  forecasters: object[];
}

export class ModelsPage {
  @ApiProperty({ type: [ModelResponse] })
  data: ModelResponse[];
  @ApiProperty()
  page: PageInfo;
  @ApiPropertyOptional({ description: 'On the first page.' })
  refits?: RefitsResponse;
  @ApiPropertyOptional({ description: 'On the first page, once a backtest is done.' })
  backtest?: StandingBacktestResponse;
}
