import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  decodeCursor,
  impossible,
  Mutations,
  notFound,
  page,
  PageQuery,
  Scope,
  type CursorValue,
  type FieldProblem,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { Database } from '@regulars/persistence';
import { builtInTemplates } from './built-in-templates.js';
import { previewFacts } from './preview-facts.js';
import { renderTemplate } from './render-template.js';
import { saveTemplate, type ContentProblem } from './save-template.use-case.js';
import {
  contentsOf,
  PreviewBody,
  SaveTemplateBody,
  TemplateKeyParam,
} from './template-request.dto.js';
import {
  RenderedResponse,
  TemplateResponse,
  toRenderedResponse,
  toTemplateResponse,
} from './template-response.dto.js';
import { templateStore } from './template.store.js';

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
  ) {}

  /** Saves the next version of a template; the same words again answer with the version that holds them. */
  @Post()
  @Scope('campaigns:write')
  @ApiOperation({ summary: 'Save a template' })
  @ApiCreatedResponse({ type: TemplateResponse })
  @ApiOkResponse({ type: TemplateResponse, description: 'These words are saved already.' })
  async save(
    @Body() body: SaveTemplateBody,
    @Req() request: HttpRequest,
  ): Promise<TemplateResponse> {
    const template = { key: body.key, title: body.title, contents: contentsOf(body.contents) };
    return this.mutations.run(request, async (tx) => {
      const saved = await saveTemplate(tx, template);
      if (!saved.ok) throw notRenderable(saved.error);
      const status = saved.value.created ? 201 : 200;
      return { status, body: toTemplateResponse(saved.value.template) };
    });
  }

  /** The newest version of every template, the built-in ones first where nothing replaced them. */
  @Get()
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'List templates' })
  async list(@Query() query: PageQuery): Promise<Page<TemplateResponse>> {
    const after = query.after === undefined ? '' : decodeCursor(query.after, isKey)[0];
    const stored = await templateStore(this.database).listCurrent(after, query.limit + 1);
    const keys = new Set(stored.map(({ key }) => key));
    const builtIn = [...builtInTemplates.values()].filter(
      ({ key }) => key > after && !keys.has(key),
    );
    const rows = [...stored, ...builtIn].sort((a, b) => (a.key < b.key ? -1 : 1));
    return page(rows.slice(0, query.limit + 1).map(toTemplateResponse), query.limit, ({ key }) => [
      key,
    ]);
  }

  @Get(':id')
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'The newest version of a template' })
  @ApiOkResponse({ type: TemplateResponse })
  async one(@Param() { id }: TemplateKeyParam): Promise<TemplateResponse> {
    const template = await templateStore(this.database).current(id);
    if (!template) throw notFound('template');
    return toTemplateResponse(template);
  }

  /** How a template reads for an invented customer. Nothing is stored or sent. */
  @Post(':id/preview')
  @HttpCode(200)
  @Scope('campaigns:read')
  @ApiOperation({ summary: 'Preview a template' })
  @ApiOkResponse({ type: RenderedResponse })
  async preview(
    @Param() { id }: TemplateKeyParam,
    @Body() { channel, version, customerName, productTitle }: PreviewBody,
  ): Promise<RenderedResponse> {
    const store = templateStore(this.database);
    const template = await (version === undefined ? store.current(id) : store.at(id, version));
    if (!template) throw notFound('template');
    const rendered = renderTemplate(
      template,
      channel,
      previewFacts(channel, customerName, productTitle),
    );
    if (!rendered.ok) throw notRenderable([{ ...rendered.error, channel }]);
    return toRenderedResponse(rendered.value);
  }
}

function isKey(values: readonly CursorValue[]): values is readonly [string] {
  return values.length === 1 && typeof values[0] === 'string';
}

function notRenderable(problems: readonly ContentProblem[]): Error {
  const errors = problems.map(({ channel, part, reason, detail }): FieldProblem => ({
    pointer: `/contents/${channel}/${part}`,
    code: reason,
    message: detail,
  }));
  return impossible(
    'template-not-renderable',
    'The template cannot be rendered',
    'Correct what "errors" lists. Templates are Liquid without includes, files and dates of today.',
    errors,
  );
}
