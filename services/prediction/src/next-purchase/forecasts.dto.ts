import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { CountedPageQuery, PageInfo, QueryBoolean } from '@regulars/http';

export class ForecastsQuery extends CountedPageQuery {
  @ApiPropertyOptional({
    example: '14d',
    description:
      'Customers whose next contact (due day, else reminder day) comes within so many days, today included.',
  })
  @IsOptional()
  @Matches(/^([1-9]\d{0,2}|0)d$/, { message: 'Write dueWithin in days, such as 14d (0d to 999d).' })
  dueWithin?: string;

  @ApiPropertyOptional({
    description: 'Customers who are past that day and not lost; with dueWithin both.',
  })
  @QueryBoolean()
  overdue?: boolean;

  @ApiPropertyOptional({
    example: 'phones/cases',
    description: 'Only customers who bought in it, by their next contact within it.',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._:/-]{1,64}$/, {
    message: 'A category is 1-64 letters, digits and . _ : / -.',
  })
  category?: string;
}

export class WindowResponse {
  @ApiProperty({ format: 'date' })
  from: string;
  @ApiProperty({ format: 'date' })
  to: string;
  @ApiProperty({ description: 'Chance that the purchase falls into it, if one comes.' })
  probability: number;
}

export class PredictabilityResponse {
  @ApiProperty({ enum: ['ok', 'unpredictable'] })
  state: string;
  @ApiPropertyOptional({ enum: ['no-cycle', 'lost', 'low-return', 'wide-window'] })
  reason?: string;
}

export class MoneyResponse {
  @ApiProperty({ type: 'integer' })
  amountMinor: number;
  @ApiProperty({ example: 'EUR' })
  currency: string;
}

export class PurchaseProbabilityResponse {
  @ApiProperty()
  d14: number;
  @ApiProperty()
  d30: number;
  @ApiProperty()
  d90: number;
  @ApiProperty()
  d365: number;
}

export class ExpectedPurchasesResponse extends PurchaseProbabilityResponse {}

/** Dates that stand since the last purchase. */
export class DatesResponse {
  @ApiProperty({ type: 'integer', description: 'Days with at least one purchase.' })
  purchaseCount: number;
  @ApiProperty({ format: 'date' })
  firstPurchaseDay: string;
  @ApiProperty({ format: 'date' })
  lastPurchaseDay: string;
  @ApiPropertyOptional({ description: 'Typical days between two purchases.' })
  cycleDays?: number;
  @ApiPropertyOptional({
    description: 'Coefficient of variation of the gaps; from three purchase days on.',
  })
  gapVariation?: number;
  @ApiPropertyOptional()
  pRegular?: number;
  @ApiPropertyOptional()
  pNoCycle?: number;
  @ApiPropertyOptional({ format: 'date' })
  newUntilDay?: string;
  @ApiPropertyOptional({ format: 'date', description: 'The day on which the need returns.' })
  dueDay?: string;
  @ApiPropertyOptional()
  window?: WindowResponse;
  @ApiPropertyOptional({
    format: 'date',
    description: 'Lost from this day on, if silent until then.',
  })
  lostDay?: string;
  @ApiPropertyOptional({
    format: 'date',
    description: 'Next contact where no due day can be given.',
  })
  remindDay?: string;
  @ApiProperty({ enum: ['own data', 'blend', 'built-in prior', 'stated', 'category', 'company'] })
  basis: string;
  @ApiProperty({ description: 'Of due day and window, judged right after the last purchase.' })
  predictability: PredictabilityResponse;
  @ApiPropertyOptional({
    description: 'Mean spend of a purchase day, shrunk towards that of all customers.',
  })
  expectedPurchaseValue?: MoneyResponse;
}

export class CategoryForecastResponse extends DatesResponse {
  @ApiProperty()
  category: string;
  @ApiProperty({ format: 'date', description: 'Due day, else reminder day, within the category.' })
  contactDay: string;
}

export class CategoryDetailResponse extends CategoryForecastResponse {
  @ApiProperty()
  probabilityAlive: number;
  @ApiProperty({ description: 'Of buying in the category; never above that of buying at all.' })
  purchaseProbability: PurchaseProbabilityResponse;
  @ApiProperty()
  expectedPurchases: ExpectedPurchasesResponse;
}

export class ForecastResponse extends DatesResponse {
  @ApiProperty({ format: 'uuid' })
  customerId: string;
  @ApiProperty({
    format: 'date',
    description: 'Today in the company zone; what follows is as of this day.',
  })
  asOf: string;
  @ApiProperty({ format: 'date', description: 'Due day, else reminder day.' })
  contactDay: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Days past the contact day.' })
  overdueByDays?: number;
  @ApiProperty({ type: 'integer' })
  daysSinceLastPurchase: number;
  @ApiPropertyOptional({
    format: 'date',
    description: 'Best guess as of now; recedes with silence.',
  })
  expectedDay?: string;
  @ApiPropertyOptional()
  windowNow?: WindowResponse;
  @ApiProperty({ description: 'Of expectedDay and windowNow.' })
  predictabilityNow: PredictabilityResponse;
  @ApiProperty()
  probabilityAlive: number;
  @ApiProperty()
  purchaseProbability: PurchaseProbabilityResponse;
  @ApiProperty({ description: 'Purchase days to expect, by horizon.' })
  expectedPurchases: ExpectedPurchasesResponse;
  @ApiProperty({
    description:
      'Whether the probabilities were checked against what came; else read them as ranks.',
  })
  calibrated: boolean;
  @ApiProperty()
  modelVersion: string;
  @ApiPropertyOptional({ description: 'Where the list is of a category.' })
  category?: CategoryForecastResponse;
}

export class ForecastDetailResponse extends ForecastResponse {
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'number' }, { type: 'string' }] },
    description: 'The numbers behind it.',
  })
  explanation: Record<string, number | string>;
  @ApiProperty({ type: [CategoryDetailResponse] })
  categories: CategoryDetailResponse[];
}

export class ForecastsPage {
  @ApiProperty({ type: [ForecastResponse] })
  data: ForecastResponse[];
  @ApiProperty()
  page: PageInfo;
}
