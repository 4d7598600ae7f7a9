import { describe, expect, it } from '@jest/globals';
import { previewFacts } from './preview-facts.js';
import { checkContent, renderContent } from './render-template.js';
import type { TemplateFacts } from './template.js';

const facts = previewFacts('email');

function textOf(text: string, over: Partial<TemplateFacts> = {}): string {
  const rendered = renderContent({ text }, { ...facts, ...over });
  if (!rendered.ok) return rendered.error.reason;
  return rendered.value.text;
}

/** Time of the processor that this process has taken since: a loaded machine takes longer for the same work. */
function workedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

describe('renderContent', () => {
  it('fills in what is known', () => {
    expect(textOf('Hello {{ customer.name }}, about {{ dueDay | day }}.')).toBe(
      'Hello Ada, about 14 June.',
    );
  });

  it('does without what a template asks for politely, and says what it demands', () => {
    const customer = { id: 'c' };

    expect(
      textOf('Hello{% if customer.name %} {{ customer.name }}{% endif %},', { customer }),
    ).toBe('Hello,');
    expect(textOf('Hello {{ customer.name | default: "there" }},', { customer })).toBe(
      'Hello there,',
    );
    expect(textOf('Hello {{ customer.name }},', { customer })).toBe('missing-field');
    expect(textOf('{{ customer.nmae }}')).toBe('missing-field');
  });

  it('escapes what customers and shops typed, in HTML parts', () => {
    const customer = { id: 'c', name: `<img src=x onerror="alert('1')">&` };

    const rendered = renderContent({ html: '<p>{{ customer.name }}</p>' }, { ...facts, customer });

    expect(rendered).toMatchObject({
      value: { html: '<p>&lt;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&gt;&amp;</p>' },
    });
  });

  it('makes JSON values that no name can break out of', () => {
    const customer = { id: 'c', name: '", "admin": true, "x": "' };
    const json = '{ "name": {{ customer.name }}, "days": {{ cycleDays }} }';

    const rendered = renderContent({ json }, { ...facts, customer });

    expect(rendered).toMatchObject({ value: { json: { name: customer.name, days: 90 } } });
  });

  it.each(['[1]', '"text"', '{ "a": ', '{ "a": "{{ customer.name }}" }'])(
    'takes nothing but a JSON object: %s',
    (json) => {
      expect(renderContent({ json }, facts)).toMatchObject({ error: { reason: 'not-json' } });
    },
  );

  it('refuses line breaks in the subject, trims around it', () => {
    const customer = { id: 'c', name: 'Ada\r\nBcc: all@example.org' };

    expect(renderContent({ subject: ' Hi \n' }, facts)).toMatchObject({ value: { subject: 'Hi' } });
    expect(
      renderContent({ subject: 'Hi {{ customer.name }}' }, { ...facts, customer }),
    ).toMatchObject({ error: { reason: 'unsafe-subject' } });
  });

  it.each([
    ['{{ customer.constructor }}', 'missing-field'],
    ['{{ customer.__proto__ }}', 'missing-field'],
    ['{{ customer["constructor"]["prototype"] }}', 'missing-field'],
    ['{{ "a" | map: "constructor" | join }}', ''],
    ['{% include "/etc/passwd" %}', 'syntax'],
    ['{% render "../../etc/passwd" %}', 'syntax'],
    ['{% layout "x" %}', 'syntax'],
    ['{{ "now" | date: "%s" }}', 'syntax'],
    ['{{ customer.name | no_such_filter }}', 'syntax'],
    ['{% for i in (1..10000000) %}x{% endfor %}', 'limit-exceeded'],
    [
      '{% for i in (1..100000) %}{% for j in (1..100000) %}x{% endfor %}{% endfor %}',
      'limit-exceeded',
    ],
    [
      '{% assign a = "xx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      'limit-exceeded',
    ],
    [
      '{% assign a = "xx" %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}',
      'limit-exceeded',
    ],
    [`{{ "x" | slice: 0, 999999999 }}`, 'limit-exceeded'],
    ['{% for i in (1..90000) %}0123456789{% endfor %}', 'limit-exceeded'],
    ['x'.repeat(1_000_000), 'limit-exceeded'],
    ['{% if true %}'.repeat(10_000), 'limit-exceeded'],
  ])('stops %s within a second of work', (text, expected) => {
    const begun = process.cpuUsage();

    expect(textOf(text)).toBe(expected);
    expect(workedMs(begun)).toBeLessThan(1_000);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    `{{ ${'('.repeat(20_000)} }}`,
    `{{ customer${'.name'.repeat(10_000)} }}`,
    '{% if true %}'.repeat(2_600) + '{% endif %}'.repeat(2_600),
  ])('survives deep nesting: %.30s', (text) => {
    const begun = process.cpuUsage();

    renderContent({ text }, facts);

    expect(workedMs(begun)).toBeLessThan(1_000);
    expect(textOf('{{ customer.name }}')).toBe('Ada');
  });

  it('leaves the facts as they were', () => {
    const before = structuredClone(facts);

    textOf('{% assign customer = "x" %}{% increment company %}{{ customer }}');

    expect(facts).toEqual(before);
  });

  it('leaves other errors their stacks, also after a render that failed', () => {
    const before = Error.stackTraceLimit;

    expect(textOf('{{ customer.nmae }}')).toBe('missing-field');

    expect(before).toBeGreaterThan(0);
    expect(Error.stackTraceLimit).toBe(before);
  });

  it('does not switch escaping off', () => {
    expect(checkContent({ html: '{{ customer.name | raw }}' })).toMatchObject([{ part: 'html' }]);
  });

  it('quotes no personal data in a problem', () => {
    const customer = { id: 'c', name: 'Canary Name' };
    const text = '{% for i in (1..100000000) %}{{ customer.name }}{% endfor %}';

    const rendered = renderContent({ text }, { ...facts, customer });

    expect(JSON.stringify(rendered)).not.toContain('Canary');
  });
});
