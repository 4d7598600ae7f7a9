import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { RenderedMessage, Template } from './template.js';

export class TemplateResponse {
  @ApiProperty({ example: 'reminder' })
  key: string;
  @ApiProperty({ type: 'integer', example: 2 })
  version: number;
  @ApiProperty()
  title: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Parts by channel.' })
  contents: object;
}

export class RenderedResponse {
  @ApiPropertyOptional()
  subject?: string;
  @ApiProperty()
  text: string;
  @ApiPropertyOptional({ description: 'Show it in a sandboxed frame only.' })
  html?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  json?: object;
}

export function toTemplateResponse({ key, version, title, contents }: Template): TemplateResponse {
  return { key, version, title, contents };
}

export function toRenderedResponse(message: RenderedMessage): RenderedResponse {
  const { subject, text, html, json } = message;
  return {
    ...(subject !== undefined && { subject }),
    text,
    ...(html !== undefined && { html }),
    ...(json !== undefined && { json }),
  };
}
