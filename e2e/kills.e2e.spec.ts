import { describe, jest } from '@jest/globals';
import { proveKills } from './house/kills.ts';
import { startStandaloneHouse } from './house.ts';

jest.setTimeout(900_000);

describe('a standalone that is killed ten times', () => {
  proveKills((env) => startStandaloneHouse({ env }));
});
