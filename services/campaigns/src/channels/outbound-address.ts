import { BlockList, isIP, isIPv4 } from 'node:net';
import { RegularsError } from '@regulars/kernel';

/** A private receiver that the operator allows: REGULARS_OUTBOUND_ALLOW. */
export interface AllowedAddress {
  readonly addresses: BlockList;
  /** undefined = every port. */
  readonly port?: number;
}

// IANA special-purpose registry: everything that is not somebody's public address.
const notPublicV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

// Inside 2000::/3, outside of which no IPv6 address is public: IETF protocols with Teredo, documentation, 6to4.
const notPublicV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const blockedV4 = new BlockList();
for (const [net, prefix] of notPublicV4) blockedV4.addSubnet(net, prefix, 'ipv4');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const blockedV6 = new BlockList();
for (const [net, prefix] of notPublicV6) blockedV6.addSubnet(net, prefix, 'ipv6');

/** Whether the address belongs to the public internet. Takes IP addresses only, never names. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blockedV4.check(address, 'ipv4');
  return (
    isIP(address) === 6 && globalV6.check(address, 'ipv6') && !blockedV6.check(address, 'ipv6')
  );
}

/** Whether the operator listed this address, and this port of it. */
export function isListed(
  allowed: readonly AllowedAddress[],
  address: string,
  port: number,
): boolean {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  return allowed.some(
    (entry) =>
      (entry.port === undefined || entry.port === port) && entry.addresses.check(address, family),
  );
}

const ENTRY = /^(?:\[([^\]]+)\]|([^:[\]]+)|([^[\]]+))(?::(\d{1,5}))?$/;

/**
 * "10.0.0.5, 192.168.0.0/16:8080, [::1]:4000" as address ranges with optional ports.
 * @throws RegularsError `bad-configuration` for anything else: a typo must not open or close a door in silence.
 */
export function parseAllowed(list: string): AllowedAddress[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

function parseEntry(entry: string): AllowedAddress {
  const [, inBrackets, v4, bareV6, portText] = ENTRY.exec(entry) ?? [];
  const [address = '', prefixText, ...rest] = (inBrackets ?? v4 ?? bareV6 ?? '').split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  const most = family === 'ipv4' ? 32 : 128;
  const prefix = prefixText === undefined ? most : Number(prefixText);
  const port = portText === undefined ? undefined : Number(portText);
  const valid =
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (prefixText === undefined || /^\d{1,3}$/.test(prefixText)) &&
    prefix <= most &&
    (port === undefined || (port > 0 && port < 65_536));
  if (!valid) {
    throw new RegularsError(
      'bad-configuration',
      `REGULARS_OUTBOUND_ALLOW: "${entry}" is no address; write 10.0.0.5, 10.0.0.0/8, 10.0.0.5:8080 or [::1]:8080.`,
    );
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, prefix, family);
  return port === undefined ? { addresses } : { addresses, port };
}
