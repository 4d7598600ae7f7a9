import { describe, expect, it } from '@jest/globals';
import type { Identity } from './identity.js';
import { planCustomers, type CustomerRequest } from './plan-customers.js';

const phone = (value: string): Identity => ({ kind: 'phone', value });
const email = (value: string): Identity => ({ kind: 'email', value });
const asks = (...identities: Identity[]): CustomerRequest => ({
  identities,
  facts: {},
  imported: false,
});
const nobody = new Map<string, string>();

describe('planCustomers', () => {
  it('takes requests that share an identity for one new customer', () => {
    const plan = planCustomers(
      [asks(phone('1')), asks(phone('1'), email('a')), asks(email('a'))],
      nobody,
      new Set(),
    );
    expect(plan.created.size).toBe(1);
    expect(plan.assignments.map((assignment) => assignment?.isNew)).toEqual([true, false, false]);
    expect(plan.newIdentities.map(({ value }) => value)).toEqual(['1', 'a']);
  });

  it('lets the strongest identity decide and moves no identity of somebody else', () => {
    const owners = new Map([
      ['phone 1', 'anna'],
      ['email b', 'bert'],
    ]);
    const plan = planCustomers([asks(phone('1'), email('b'))], owners, new Set());
    expect(plan.assignments).toEqual([
      {
        customerId: 'anna',
        isNew: false,
        gained: [],
        conflicts: [{ ...email('b'), otherId: 'bert' }],
      },
    ]);
  });

  it('lets a weaker identity find the customer whom a new phone belongs to', () => {
    const plan = planCustomers(
      [asks(phone('2'), email('b'))],
      new Map([['email b', 'bert']]),
      new Set(),
    );
    expect(plan.assignments[0]).toMatchObject({ customerId: 'bert', conflicts: [] });
    expect(plan.newIdentities).toEqual([{ ...phone('2'), customerId: 'bert' }]);
  });

  it('puts a named id above all identities, and gives nothing to an id that is nobody', () => {
    const owners = new Map([['phone 1', 'anna']]);
    const named = (id: string) => ({ ...asks(phone('1'), email('n')), id });
    const plan = planCustomers([named('ghost'), named('bert')], owners, new Set(['bert']));
    expect(plan.assignments[0]).toBeUndefined();
    expect(plan.assignments[1]).toMatchObject({
      customerId: 'bert',
      conflicts: [{ kind: 'phone', otherId: 'anna' }],
    });
    expect(plan.newIdentities).toEqual([{ ...email('n'), customerId: 'bert' }]);
  });
});
