import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@regulars/contracts';
import type { ChannelMode, OutgoingChannel } from './channel.js';

export const OUTGOING_CHANNELS = Symbol('OUTGOING_CHANNELS');

/** The channels that this process can send on, by name. */
@Injectable()
export class ChannelCatalog {
  private readonly channels: ReadonlyMap<Channel, OutgoingChannel>;

  constructor(@Inject(OUTGOING_CHANNELS) channels: readonly OutgoingChannel[]) {
    this.channels = new Map(channels.map((channel) => [channel.channel, channel]));
  }

  /** undefined: nothing can ever leave on that channel (a task is a row, not a send). */
  of(channel: Channel): OutgoingChannel | undefined {
    return this.channels.get(channel);
  }

  /** A channel captures until it is configured, so that a trial never writes to a customer. */
  mode(channel: Channel): ChannelMode {
    return this.of(channel)?.configured() ? 'live' : 'capture';
  }

  all(): readonly OutgoingChannel[] {
    return [...this.channels.values()];
  }
}
