import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ChannelCatalog } from './channel-catalog.provider.js';

/** Says goodbye to servers once the application stops; sends under way are finished by the dispatcher before. */
@Injectable()
export class ChannelsLifecycle implements OnApplicationShutdown {
  constructor(private readonly channels: ChannelCatalog) {}

  onApplicationShutdown(): void {
    for (const channel of this.channels.all()) channel.close?.();
  }
}
