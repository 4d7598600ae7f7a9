import { describe, expect, it } from '@jest/globals';
import { serviceOf } from './path-table.js';

describe('serviceOf', () => {
  it.each([
    ['/v1/purchases', 'ingestion'],
    ['/v1/purchases/batch?x=/v1/reports', 'ingestion'],
    ['/v1/touches?customerId=1', 'campaigns'],
    ['/v1/reports/churn', 'metrics'],
    ['/v1/admin/metrics/redrive', 'metrics'],
    ['/u/token', 'campaigns'],
    ['/v1/purchasesx', undefined],
    ['/', undefined],
  ])('%s belongs to %s', (url, service) => {
    expect(serviceOf(url)).toBe(service);
  });
});
