import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { RegularsError } from '@regulars/kernel';
import { canonicalZone } from './requests/time-zone.js';

/** Settings of ingestion alone. */
@Injectable()
export class IngestionConfig {
  readonly defaultCountry: string;
  private readonly companyZone: string;
  private readonly zones: ReadonlyMap<string, string>;
  /** Single purchases that may wait for their group; more are answered 503. */
  readonly maxWaiting: number;

  constructor(@Inject(SERVICE_CONFIG) config: ServiceConfig) {
    this.defaultCountry = config.defaultCountry;
    this.companyZone = config.timeZone;
    this.zones = parseZones(config.env['REGULARS_INGESTION_SOURCE_ZONES'] ?? '');
    this.maxWaiting = parseCount(config.env['REGULARS_INGESTION_MAX_WAITING'] ?? '2000');
  }

  /** The zone in which a source's purchases get their day. */
  readonly zoneOf = (source: string): string => this.zones.get(source) ?? this.companyZone;
}

/** "shop-tokyo=Asia/Tokyo,till-3=Europe/Berlin" */
function parseZones(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return new Map(
    pairs.map((pair): [string, string] => {
      const [source = '', name = ''] = pair.split('=').map((part) => part.trim());
      const zone = canonicalZone(name);
      if (zone === undefined || !/^[A-Za-z0-9._:/-]{1,64}$/.test(source)) {
        throw new RegularsError(
          'bad-configuration',
          `REGULARS_INGESTION_SOURCE_ZONES: "${pair}" is not source=zone, such as till-3=Europe/Berlin.`,
        );
      }
      return [source, zone];
    }),
  );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new RegularsError(
    'bad-configuration',
    `REGULARS_INGESTION_MAX_WAITING: "${text}" is not a whole number above 0.`,
  );
}
