import { BlockList, isIP } from 'node:net';

/** Ranges that are nobody's on the internet: this machine, private networks, links, and what is reserved. */
const NOT_PUBLIC: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

const notPublic = listOf(NOT_PUBLIC);

export interface AddressRule {
  /** Whether a receiver at this address may be asked. */
  isAllowed(address: string): boolean;
  /** Whether it is one that only the configuration allows: there HTTP without TLS is taken too. */
  isInside(address: string): boolean;
}

/** `allowed`: ranges inside, as `10.1.0.0/16`, that receivers may have although they are not public. */
export function addressRule(allowed: readonly string[]): AddressRule {
  const inside = listOf(allowed);
  const has = (list: BlockList, address: string): boolean => {
    const plain = mapped(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    isInside: (address) => has(inside, address),
    isAllowed: (address) => isIP(mapped(address)) !== 0 && (has(inside, address) || !has(notPublic, address)),
  };
}

/**
 * Whether messages may go to a URL as far as it can be said before anybody is asked: an address that is written out
 * is judged now, a name at each delivery, by what it stands for then.
 */
export function receiverRule(allowed: readonly string[]): (url: string) => boolean {
  const rule = addressRule(allowed);
  return (url) => {
    const { protocol, hostname } = new URL(url);
    const host = /(^|\.)localhost$/.test(hostname) ? '127.0.0.1' : bare(hostname);
    const open = protocol === 'https:';
    // Without a range inside no name can ever stand for an address that is asked without TLS.
    if (isIP(host) === 0) return open || allowed.length > 0;
    return rule.isAllowed(host) && (open || rule.isInside(host));
  };
}

/** URLs write IPv6 addresses in brackets. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** `::ffff:10.0.0.1` is 10.0.0.1, in whichever form it is written. */
function mapped(address: string): string {
  const dotted = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^(?:0*:)*:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return address;
  const [high, low] = [Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
