import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthRegistry } from '@regulars/observability';
import { ProblemError } from './problem-error.js';
import { Public } from './scope.js';

/** For whoever starts, stops and routes to this process. */
@ApiTags('health')
@Controller('health')
@Public({ limited: false })
export class HealthController {
  constructor(@Inject(HealthRegistry) private readonly health: HealthRegistry) {}

  /** Answers while the process can: it looks at nothing outside of it. */
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** Whether work may be sent here. Names what is missing, not why: that is in the log. */
  @Get('ready')
  async ready(): Promise<{ status: 'ready'; checks: string[] }> {
    const { ready, checks } = await this.health.check();
    if (ready) return { status: 'ready', checks: checks.map(({ name }) => name) };
    const failed = checks.filter(({ ok }) => !ok);
    throw new ProblemError({
      status: 503,
      code: 'not-ready',
      title: 'Not ready',
      detail: 'Send work elsewhere and ask again in a second.',
      headers: { 'retry-after': '1' },
      extensions: { failed: failed.map(({ name }) => name) },
    });
  }
}
