import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { CycleSegment } from '@regulars/contracts';
import { decodeCursor, IdParam, notFound, page, Scope, type CursorValue } from '@regulars/http';
import { dayOf, isId, type Clock } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import type { AnswerOf } from './answer-of.js';
import { segmentReads } from './segment-reads.store.js';
import {
  CustomerSegmentResponse,
  MembersQuery,
  MembersResponse,
  segmentNames,
  SegmentsResponse,
} from './segment.dto.js';
import {
  toCustomerSegmentResponse,
  toMemberResponse,
  toSegmentsResponse,
} from './segment-view.use-case.js';

const historyLength = 100;

@ApiTags('segments')
@Controller('v1/segments')
@Scope('segments:read')
export class SegmentsController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
  ) {}

  /** How many customers each segment has now, and their share of all who have bought. */
  @Get()
  @ApiOkResponse({ type: SegmentsResponse })
  async segments(): Promise<AnswerOf<SegmentsResponse>> {
    return toSegmentsResponse(await segmentReads(this.database).counts());
  }

  /** One customer: the segment with the numbers that decided it, and all moves. */
  @Get('customers/:customerId')
  @ApiOkResponse({ type: CustomerSegmentResponse })
  async customer(
    @IdParam('customerId') customerId: string,
  ): Promise<AnswerOf<CustomerSegmentResponse>> {
    const reads = segmentReads(this.database);
    const member = await reads.member(customerId);
    if (!member) throw notFound('customer');
    const facts = await reads.facts(customerId);
    const history = await reads.history(customerId, historyLength);
    return toCustomerSegmentResponse(member, facts, history, this.today());
  }

  /** The customers of a segment, in a stable order. */
  @Get(':segment/customers')
  @ApiParam({ name: 'segment', enum: segmentNames })
  @ApiOkResponse({ type: MembersResponse })
  async members(
    @Param('segment') segment: string,
    @Query() query: MembersQuery,
  ): Promise<AnswerOf<MembersResponse>> {
    if (!isSegment(segment)) throw notFound('segment');
    const after =
      query.after === undefined ? undefined : decodeCursor(query.after, isMemberCursor)[0];
    const { limit, lostKind } = query;
    const reads = segmentReads(this.database);
    const rows = await reads.members({ segment, lostKind, after, limit: limit + 1 });
    const today = this.today();
    const members = page(rows, limit, (row) => [row.customerId]);
    return { ...members, data: members.data.map((row) => toMemberResponse(row, today)) };
  }

  private today(): string {
    return dayOf(this.clock.now(), this.config.timeZone);
  }
}

function isSegment(text: string): text is CycleSegment {
  return (segmentNames as readonly string[]).includes(text);
}

function isMemberCursor(values: readonly CursorValue[]): values is readonly [string] {
  return values.length === 1 && typeof values[0] === 'string' && isId(values[0]);
}
