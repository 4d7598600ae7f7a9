import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Scope } from '@regulars/http';
import { ChannelCatalog } from './channel-catalog.provider.js';

class ChannelResponse {
  @ApiProperty({ example: 'email' })
  channel!: string;
  @ApiProperty({ enum: ['capture', 'live'] })
  mode!: string;
  @ApiProperty({ description: 'Whether it has what it needs to send.' })
  configured!: boolean;
  @ApiProperty({ enum: ['at-most-once', 'at-least-once'] })
  policy!: string;
}

class ChannelsResponse {
  @ApiProperty({ type: [ChannelResponse] })
  data!: ChannelResponse[];
}

@ApiTags('channels')
@Controller('v1/channels')
@Scope('campaigns:read')
export class ChannelsController {
  constructor(private readonly channels: ChannelCatalog) {}

  /** Which channels send and which only capture. Addresses and credentials never leave the service. */
  @Get()
  @ApiOperation({ summary: 'Channels and whether they send or capture' })
  @ApiOkResponse({ type: ChannelsResponse })
  list(): ChannelsResponse {
    const data = this.channels.all().map((channel) => ({
      channel: channel.channel,
      mode: this.channels.mode(channel.channel),
      configured: channel.configured(),
      policy: channel.policy,
    }));
    return { data };
  }
}
