import { DiscoveryService } from '@nestjs/core';

/** Marks the provider that fires timers of a kind: `@OnTimer('became-lost')` on a class that is a TimerHandler. */
export const OnTimer = DiscoveryService.createDecorator<string>();
