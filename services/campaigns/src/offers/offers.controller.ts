import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import {
  conflict,
  decodeCursor,
  Mutations,
  page,
  PageQuery,
  Scope,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { newId } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { isIdCursor } from '../id-cursor.js';
import { offerRules, type Offer, type OfferRule } from './offer.js';
import { offerStore } from './offer.store.js';

class OfferBody {
  @ApiProperty({ example: 'spring-10' })
  @Matches(/^[A-Za-z0-9._:/-]{1,64}$/)
  code: string;

  @ApiProperty({ example: '10 % off your next coffee' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  title: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 500)
  terms?: string;

  @ApiProperty({ enum: offerRules, description: 'How often it may be made to one customer.' })
  @IsIn(offerRules)
  rule: OfferRule;

  @ApiPropertyOptional({ type: 'integer', description: 'For `every-days`.' })
  @ValidateIf((body: OfferBody) => body.rule === 'every-days' || body.everyDays !== undefined)
  @IsInt()
  @Min(1)
  @Max(3650)
  everyDays?: number;

  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  validDays?: number;
}

class OfferResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty()
  code: string;
  @ApiProperty()
  title: string;
  @ApiProperty({ type: String, nullable: true })
  terms: string | null;
  @ApiProperty({ enum: offerRules })
  rule: OfferRule;
  @ApiProperty({ type: 'integer', nullable: true })
  everyDays: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  validDays: number | null;
}

@ApiTags('offers')
@Controller('v1/offers')
export class OffersController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
  ) {}

  /** Names something that steps can propose; the ledger sees to it that it is not made too often. */
  @Post()
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Create an offer' })
  @ApiCreatedResponse({ type: OfferResponse })
  async create(
    @Body() body: OfferBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<OfferResponse>> {
    const offer: Offer = {
      id: newId(),
      code: body.code,
      title: body.title,
      terms: body.terms ?? null,
      rule: body.rule,
      everyDays: body.rule === 'every-days' ? (body.everyDays ?? null) : null,
      validDays: body.validDays ?? null,
    };
    return this.mutations.run(request, async (tx) => {
      if (!(await offerStore(tx).insert(offer, tx.clock.now())))
        throw conflict('offer-code-taken', 'The code is taken', 'Choose another code.');
      return { status: 201, body: offer };
    });
  }

  @Get()
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'List offers, newest first' })
  async list(@Query() query: PageQuery): Promise<Page<AnswerOf<OfferResponse>>> {
    const before = query.after === undefined ? undefined : decodeCursor(query.after, isIdCursor)[0];
    const rows = await offerStore(this.database).list(before, query.limit + 1);
    return page(rows, query.limit, ({ id }) => [id]);
  }
}
