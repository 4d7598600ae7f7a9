import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { dayOf, type Clock, type Day } from '@regulars/kernel';

/** Which day it is for the company. */
@Injectable()
export class ReportCalendar {
  readonly timeZone: string;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) config: Pick<ServiceConfig, 'timeZone'>,
  ) {
    this.timeZone = config.timeZone;
  }

  today(): Day {
    return dayOf(this.clock.now(), this.timeZone);
  }
}
