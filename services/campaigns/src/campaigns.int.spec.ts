import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tablesOf } from '@regulars/service';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { campaigns } from './campaigns.js';

describe('the tables of campaigns', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ service: 'campaigns', ...tablesOf(campaigns) });
  });
  afterAll(() => database.drop());

  it('are what the entities say', async () => {
    expect(await driftOf(database)).toEqual([]);
  });
});
