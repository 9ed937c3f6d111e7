import type { CheckerConnection } from '../../config/types.ts';
import { addressFamily, type IpAddress, isLinkLocal } from '../../lib/ip.ts';
import type { BindFailure } from '../../ports/dial.ts';
import { native, type NativeError } from '../native.ts';
import { internetAddress } from './socket-address.ts';

const { AF_INET, AF_INET6, SOL_SOCKET, SO_BINDTODEVICE, SO_MARK, SO_REUSEADDR } = native.constants;

/** A socket for a check, with mark and interface set, bound where asked. Throws a NativeError. */
export function checkerSocket(connection: CheckerConnection, type: number, protocol = 0): number {
  const { address, bindAddress, bindPort, bindInterface, fwmark } = connection;
  const fd = native.socket(addressFamily(address) === 4 ? AF_INET : AF_INET6, type, protocol);
  try {
    if (fwmark !== undefined) native.setsockopt(fd, SOL_SOCKET, SO_MARK, fwmark);
    if (bindInterface !== undefined) {
      native.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${bindInterface}\0`));
    }
    if (bindAddress !== undefined || bindPort !== undefined) {
      // The last connection from this port may still be in TIME_WAIT.
      native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
      const local = bindAddress ?? anyAddress(address);
      native.bind(fd, internetAddress(local, bindPort ?? 0, scopeOf(local, bindInterface)));
    }
    return fd;
  } catch (error) {
    native.close(fd);
    throw error;
  }
}

/** Where the check connects to, as a socket address. Throws a NativeError when its interface does not exist. */
export function serverAddress({ address, port, bindInterface }: CheckerConnection): Uint8Array {
  return internetAddress(address, port, scopeOf(address, bindInterface));
}

/** What `checkerSocket` threw. */
export function bindFailure(error: NativeError, { bindInterface }: CheckerConnection): BindFailure {
  const [, message] = native.describeError(error.errno);
  const ofDevice = bindInterface !== undefined && error.syscall === 'setsockopt';
  return { kind: 'bind', message, ...(ofDevice && { device: bindInterface }) };
}

function scopeOf(address: IpAddress, bindInterface: string | undefined): number {
  return bindInterface !== undefined && isLinkLocal(address) ? native.interfaceIndex(bindInterface) : 0;
}

function anyAddress(address: IpAddress): IpAddress {
  return (addressFamily(address) === 4 ? '0.0.0.0' : '::') as IpAddress;
}
