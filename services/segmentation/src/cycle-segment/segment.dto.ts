import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageInfo, PageQuery } from '@regulars/http';
import type { CycleSegment, LostKind } from '@regulars/contracts';
import type { SegmentInputs } from './membership.js';

export const segmentNames = [
  'regular',
  'periodic',
  'one-time',
  'lost',
  'new',
  'no-purchase',
] as const satisfies readonly CycleSegment[];
const lostKinds = ['lapsed', 'no-cycle'] as const satisfies readonly LostKind[];

export class MembersQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: lostKinds,
    description: 'Only with `lost`: the two are told apart.',
  })
  @IsOptional()
  @IsIn(lostKinds)
  lostKind?: LostKind;
}

export class SegmentSize {
  @ApiProperty({ enum: segmentNames })
  segment: CycleSegment;
  @ApiPropertyOptional({ enum: lostKinds })
  lostKind?: LostKind;
  @ApiProperty({ type: 'integer', example: 120 })
  customers: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.24,
    description:
      'Of all customers who have bought; null for those who have not, and while nobody has.',
  })
  share: number | null;
}

export class SegmentsResponse {
  @ApiProperty({ type: [SegmentSize] })
  data: SegmentSize[];
  @ApiProperty({
    type: 'integer',
    description: 'Customers who have bought: what the shares are of.',
  })
  customersWithPurchases: number;
}

export class MemberResponse {
  @ApiProperty({ format: 'uuid' })
  customerId: string;
  @ApiProperty({ enum: segmentNames })
  segment: CycleSegment;
  @ApiPropertyOptional({ enum: lostKinds })
  lostKind?: LostKind;
  @ApiProperty({ format: 'date' })
  since: string;
  @ApiProperty({ description: 'What moved the customer here.', example: 'purchase' })
  cause: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The rule and its numbers.',
  })
  inputs: SegmentInputs;
  @ApiProperty({ description: 'The decision as a sentence.' })
  sentence: string;
  @ApiPropertyOptional({ description: 'Version of the model whose forecast decided.' })
  forecastModelVersion?: string;
}

export class MembersResponse {
  @ApiProperty({ type: [MemberResponse] })
  data: MemberResponse[];
  @ApiProperty({ type: PageInfo })
  page: PageInfo;
}

export class SegmentMoveResponse {
  @ApiPropertyOptional({ enum: segmentNames })
  from?: CycleSegment;
  @ApiProperty({ enum: segmentNames })
  to: CycleSegment;
  @ApiPropertyOptional({ enum: lostKinds })
  lostKind?: LostKind;
  @ApiProperty()
  cause: string;
  @ApiProperty({ format: 'date', description: 'The local day from which it holds.' })
  day: string;
  @ApiProperty({ format: 'date-time' })
  decidedAt: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  inputs: SegmentInputs;
}

export class MoneyResponse {
  @ApiProperty({ type: 'integer' })
  amountMinor: number;
  @ApiProperty({ example: 'EUR' })
  currency: string;
}

export class PurchaseFactsResponse {
  @ApiProperty({ type: 'integer' })
  orders: number;
  @ApiProperty({ type: 'integer' })
  purchaseDays: number;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  firstPurchaseDay: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  lastPurchaseDay: string | null;
  @ApiProperty({ type: [MoneyResponse], description: 'Net of refunds.' })
  revenue: MoneyResponse[];
}

export class CustomerSegmentResponse extends MemberResponse {
  @ApiProperty({ type: PurchaseFactsResponse })
  purchases: PurchaseFactsResponse;
  @ApiProperty({ type: [SegmentMoveResponse], description: 'The newest 100 moves, newest first.' })
  history: SegmentMoveResponse[];
}
