import { isIP } from 'node:net';
import { err, ok, type Result } from '@regulars/kernel';
import { isListed, isPublicAddress, type AllowedAddress } from './outbound-address.js';

export interface Destination {
  readonly url: URL;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

const MOST_CHARACTERS = 2_048;
const webPorts = new Set([80, 443, 8080, 8443]);

/** What can be said about a URL before any name is looked up: its shape, and its address where it is one. */
export function checkUrl(
  text: string,
  allowed: readonly AllowedAddress[],
): Result<Destination, string> {
  if (text.length > MOST_CHARACTERS) return err('it is longer than 2,048 characters');
  if (/[^\x21-\x7e]/.test(text)) return err('it holds spaces, control or non-ASCII characters');
  if (!URL.canParse(text)) return err('it is no URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err('it is not https');
  if (url.username !== '' || url.password !== '') return err('it holds credentials');

  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const destination = { url, host, port };
  if (isIP(host) !== 0 && !mayConnect(destination, host, allowed)) {
    return err('its address, port or missing encryption is not allowed (REGULARS_OUTBOUND_ALLOW)');
  }
  return ok(destination);
}

/**
 * Whether a connection to this resolved address may be made. The internet: https on web ports. Plain http
 * and everything private: only what the operator listed.
 */
export function mayConnect(
  destination: Destination,
  address: string,
  allowed: readonly AllowedAddress[],
): boolean {
  if (isListed(allowed, address, destination.port)) return true;
  return (
    destination.url.protocol === 'https:' &&
    webPorts.has(destination.port) &&
    isPublicAddress(address)
  );
}
