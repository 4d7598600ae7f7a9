import { Body, Controller, Get, HttpCode, Post, Put, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  decodeCursor,
  IdParam,
  impossible,
  Mutations,
  notFound,
  page,
  PageQuery,
  Scope,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { newId } from '@regulars/kernel';
import { Database, type Transaction } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { isIdCursor } from '../id-cursor.js';
import { CampaignBody } from './campaign-request.dto.js';
import { CampaignResponse, toCampaignResponse } from './campaign-response.dto.js';
import type { CampaignDefinition } from './campaign.js';
import { campaignStore, type CampaignRow } from './campaign.store.js';
import { checkBody } from './check-body.js';
import { checkDefinition } from './check-definition.js';
import { checkReferences } from './check-references.use-case.js';
import { PreviewCampaign, type CampaignPreview } from './preview-campaign.use-case.js';
import { pauseCampaign, scanAgain, startCampaign } from './run-campaign.use-case.js';
import { toDefinition } from './to-definition.js';

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    private readonly previewCampaign: PreviewCampaign,
  ) {}

  /** Makes a draft. Without a ladder, lead or hours of its own it takes the defaults. */
  @Post()
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Create a campaign' })
  @ApiCreatedResponse({ type: CampaignResponse })
  async create(
    @Body() body: CampaignBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<CampaignResponse>> {
    return this.mutations.run(request, async (tx) => {
      const definition = await checked(tx, body);
      const id = newId();
      await campaignStore(tx).insert(id, definition, tx.clock.now());
      return { status: 201, body: toCampaignResponse(await found(tx, id)) };
    });
  }

  /** Gives the campaign a new version. Ladders that have begun keep the version they began with. */
  @Put(':id')
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Edit a campaign' })
  @ApiOkResponse({ type: CampaignResponse })
  async edit(
    @IdParam() id: string,
    @Body() body: CampaignBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<CampaignResponse>> {
    return this.change(request, id, async (tx, campaign) => {
      const definition = await checked(tx, body);
      await campaignStore(tx).addVersion(id, campaign.version + 1, definition, tx.clock.now());
      if (campaign.state === 'running') await scanAgain(tx, id);
    });
  }

  /** Starts a draft, or resumes a paused campaign. Enrolling goes on in the background: see `enrolling`. */
  @Post(':id/start')
  @HttpCode(200)
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Start or resume a campaign' })
  @ApiOkResponse({ type: CampaignResponse })
  async start(
    @IdParam() id: string,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<CampaignResponse>> {
    return this.change(request, id, startCampaign);
  }

  /** Nobody new is enrolled and nothing leaves until it is started again. */
  @Post(':id/pause')
  @HttpCode(200)
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Pause a campaign' })
  @ApiOkResponse({ type: CampaignResponse })
  async pause(
    @IdParam() id: string,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<CampaignResponse>> {
    return this.change(request, id, pauseCampaign);
  }

  @Get()
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'List campaigns, newest first' })
  async list(@Query() query: PageQuery): Promise<Page<AnswerOf<CampaignResponse>>> {
    const before = query.after === undefined ? undefined : decodeCursor(query.after, isIdCursor)[0];
    const rows = await campaignStore(this.database).list(before, query.limit + 1);
    return page(rows.map(toCampaignResponse), query.limit, ({ id }) => [id]);
  }

  @Get(':id')
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'One campaign' })
  @ApiOkResponse({ type: CampaignResponse })
  async one(@IdParam() id: string): Promise<AnswerOf<CampaignResponse>> {
    return toCampaignResponse(await found(this.database, id));
  }

  /** Who would be enrolled if it started now, and how long its backlog would take. */
  @Get(':id/preview')
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'Preview a campaign' })
  async preview(@IdParam() id: string): Promise<CampaignPreview> {
    return this.previewCampaign.run(await found(this.database, id));
  }

  private async change(
    request: HttpRequest,
    id: string,
    effect: (tx: Transaction, campaign: CampaignRow) => Promise<void>,
  ): Promise<AnswerOf<CampaignResponse>> {
    return this.mutations.run(request, async (tx) => {
      const campaign = await campaignStore(tx).lock(id);
      if (!campaign) throw notFound('campaign');
      await effect(tx, campaign);
      return { status: 200, body: toCampaignResponse(await found(tx, id)) };
    });
  }
}

async function checked(tx: Transaction, body: CampaignBody): Promise<CampaignDefinition> {
  const definition = toDefinition(body);
  const problems = [
    ...checkBody(body),
    ...checkDefinition(definition),
    ...(await checkReferences(tx, definition)),
  ];
  if (problems.length === 0) return definition;
  throw impossible(
    'campaign-impossible',
    'The campaign cannot run',
    'Correct what "errors" lists.',
    problems,
  );
}

async function found(
  reader: Parameters<typeof campaignStore>[0],
  id: string,
): Promise<CampaignRow> {
  const row = await campaignStore(reader).find(id);
  if (!row || row.state === 'built-in') throw notFound('campaign');
  return row;
}
