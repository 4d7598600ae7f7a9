import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class BacktestResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ description: 'Where to follow it.' })
  url: string;
  @ApiProperty({ enum: ['running', 'done', 'failed'] })
  state: string;
  @ApiProperty({ format: 'date' })
  asOf: string;
  @ApiProperty({ type: 'integer', description: 'Steps done, of so many; both 0 before the start.' })
  done: number;
  @ApiProperty({ type: 'integer' })
  of: number;
  @ApiPropertyOptional({ description: 'Why there is no report.' })
  failure?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The report of the library: every origin, the default model and all baselines.',
  })
  report?: object;
  @ApiProperty({ format: 'date-time' })
  requestedAt: string;
  @ApiPropertyOptional({ format: 'date-time' })
  finishedAt?: string;
}
