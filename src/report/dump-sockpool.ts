import { type DumpLines, optional, present, title } from './dump-text.ts';
import type { SocketRuntime } from './runtime.ts';

/** Section "VRRP Sockpool". */
export function sockpoolLines(sockets: readonly SocketRuntime[] | undefined): string[] {
  if (!sockets || sockets.length === 0) return [];
  return [title('VRRP Sockpool'), ...present(sockets.flatMap(socketLines))];
}

function socketLines(socket: SocketRuntime): DumpLines {
  const [receiving, sending] = socket.descriptors;
  return [
    ` fd_in ${receiving} fd_out = ${sending}`,
    `   Interface = ${socket.interface}`,
    optional('   VRF', socket.vrf),
    `   Family = IPv${socket.family}`,
    `   Protocol = ${socket.protocol}`,
    `   Type = ${socket.unicastAddress === undefined ? 'Mult' : 'Un'}icast`,
    optional('   Address', socket.unicastAddress),
    `   Rx buf size = ${socket.receiveBuffer}`,
    '   VRRP instances',
    ...socket.instances.map(({ name, virtualRouterId }) => `     ${name} vrid ${virtualRouterId}`),
  ];
}
