import { ApiProperty } from '@nestjs/swagger';
import type { AnswerOf } from '../answer-of.js';
import { campaignStates, type CampaignDefinition, type CampaignState } from './campaign.js';
import type { CampaignRow } from './campaign.store.js';

export class CampaignResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: campaignStates })
  state: CampaignState;
  @ApiProperty({ type: 'integer', description: 'Rises with every edit.' })
  version: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;
  @ApiProperty({ description: 'Whether customers are still being enrolled after a start.' })
  enrolling: boolean;
  @ApiProperty({ type: Object, description: 'The definition with all defaults filled in.' })
  definition: CampaignDefinition;
}

export function toCampaignResponse(row: CampaignRow): AnswerOf<CampaignResponse> {
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    enrolling: row.scanState === 'pending',
    definition: row.definition,
  };
}
