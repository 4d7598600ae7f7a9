import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TimerClaimer } from './timer-claimer.js';

/** Needs `Database` and `MetricsRegistry` from a global module. Nest's schedule only wakes the claimer. */
@Module({
  imports: [DiscoveryModule, ScheduleModule.forRoot()],
  providers: [TimerClaimer],
  exports: [TimerClaimer],
})
export class TimersModule {}
