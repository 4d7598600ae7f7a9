import { Module } from '@nestjs/common';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { Clock } from '@regulars/kernel';
import { ChannelCatalog, OUTGOING_CHANNELS } from './channel-catalog.provider.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsLifecycle } from './channels-lifecycle.provider.js';
import { makeChannels } from './make-channels.provider.js';

@Module({
  controllers: [ChannelsController],
  providers: [
    {
      provide: OUTGOING_CHANNELS,
      inject: [SERVICE_CONFIG, CLOCK],
      useFactory: (config: ServiceConfig, clock: Clock) => makeChannels(config.env, clock),
    },
    ChannelCatalog,
    ChannelsLifecycle,
  ],
  exports: [ChannelCatalog],
})
export class ChannelsModule {}
