import { describe, expect, it } from '@jest/globals';
import { isListed, isPublicAddress, parseAllowed } from './outbound-address.js';

describe('isPublicAddress', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::1',
    'localhost',
    '',
  ])('refuses %p', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    'takes %p',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('parseAllowed', () => {
  it('reads addresses, ranges and ports', () => {
    const allowed = parseAllowed('10.0.0.5, 192.168.0.0/16:8080, [::1]:4000, fd00::/8');

    expect(isListed(allowed, '10.0.0.5', 1)).toBe(true);
    expect(isListed(allowed, '10.0.0.6', 1)).toBe(false);
    expect(isListed(allowed, '192.168.7.7', 8080)).toBe(true);
    expect(isListed(allowed, '192.168.7.7', 8081)).toBe(false);
    expect(isListed(allowed, '::1', 4000)).toBe(true);
    expect(isListed(allowed, 'fd01::1', 9)).toBe(true);
  });

  it('is empty without entries', () => {
    expect(parseAllowed('')).toEqual([]);
  });

  it.each([
    'localhost',
    '10.0.0.0/33',
    '10.0.0.5:0',
    '10.0.0.5:99999',
    '10.0.0.0/8/8',
    '*',
    '::/129',
  ])('refuses %p by name', (entry) => {
    expect(() => parseAllowed(entry)).toThrow(`"${entry}" is no address`);
  });
});
