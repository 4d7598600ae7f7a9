import { describe, expect, it } from '@jest/globals';
import { reportRange } from './report-range.js';

const today = '2026-05-14';

describe('reportRange', () => {
  it('shows the last twelve months when nobody says otherwise, the running one up to today', () => {
    const range = reportRange({}, today);
    expect(range).toMatchObject({
      ok: true,
      value: { by: 'month', from: '2025-06-01', to: today },
    });
    expect(range.ok && range.value.periods.at(-1)).toEqual({
      label: '2026-05',
      from: '2026-05-01',
      to: today,
    });
    expect(range.ok && range.value.periods).toHaveLength(12);
  });

  it('widens to whole ISO weeks and names them', () => {
    const range = reportRange({ by: 'week', from: '2027-01-01', to: '2027-01-05' }, '2027-06-01');
    expect(range.ok && range.value.periods).toEqual([
      { label: '2026-W53', from: '2026-12-28', to: '2027-01-03' },
      { label: '2027-W01', from: '2027-01-04', to: '2027-01-10' },
    ]);
  });

  it('refuses what is no range and what is too long', () => {
    expect(reportRange({ from: '2026-05-15' }, today)).toEqual({
      ok: false,
      error: 'from-after-to',
    });
    expect(reportRange({ by: 'day', from: '2020-01-01' }, today)).toEqual({
      ok: false,
      error: 'range-too-long',
    });
  });
});
