import { describe, expect, it } from '@jest/globals';
import { parseAllowed } from './outbound-address.js';
import { checkUrl } from './outbound-url.js';

describe('checkUrl', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://１２７.０.０.１/',
    'https://8.8.8.8:22/',
    'https://8.8.8.8:5432/',
    'https://8.8.8.8:6379/',
    'https://8.8.8.8:9092/',
    'http://8.8.8.8/',
    'example.org/hook',
    'file:///etc/passwd',
    'gopher://example.org/',
    'ftp://example.org/',
    'data:text/plain,x',
    'javascript:alert(1)',
    'https://user:secret@example.org/',
    'https://example.org/a\r\nX-Injected: 1',
    'https://exa\tmple.org/',
    `https://example.org/${'a'.repeat(10_000)}`,
    '',
  ])('refuses %p', (url) => {
    expect(checkUrl(url, []).ok).toBe(false);
  });

  it('takes https to a name, whose address is judged at the connection', () => {
    expect(checkUrl('https://hooks.shop.example/regulars?a=1', []).ok).toBe(true);
  });

  it('takes a private address that is listed, on its port, without TLS too', () => {
    const allowed = parseAllowed('127.0.0.1:4000');

    expect(checkUrl('http://127.0.0.1:4000/hook', allowed).ok).toBe(true);
    expect(checkUrl('http://127.0.0.1:4001/hook', allowed).ok).toBe(false);
  });
});
