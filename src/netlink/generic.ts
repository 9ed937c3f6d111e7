import type { ByteWriter } from '../lib/byte-writer.ts';
import type { Result } from '../lib/result.ts';
import { type Attributes, decodeAttributes, encodeAttributes, type Table } from './attribute.ts';
import type { NetlinkConnection } from './connection.ts';
import { cstring, u16, u32 } from './kinds.ts';
import type { KernelError, Message, Request } from './message.ts';

/** linux/genetlink.h: GENL_ID_CTRL, CTRL_CMD_GETFAMILY */
const CONTROLLER = { id: 0x10, version: 2 } as const;
const GET_FAMILY = 3;
/** GENL_HDRLEN */
const GENERIC_HEADER_LENGTH = 4;

const controller = {
  /** CTRL_ATTR_FAMILY_ID */ id: [1, u16],
  /** CTRL_ATTR_FAMILY_NAME */ name: [2, cstring(16)],
  /** CTRL_ATTR_VERSION */ version: [3, u32],
} as const satisfies Table;

/** A generic netlink family as the running kernel numbers it. */
export interface Family {
  readonly id: number;
  readonly version: number;
}

/** A request to `family`: struct genlmsghdr, then attributes. */
export function genericRequest<T extends Table>(
  family: Family,
  command: number,
  table: T,
  values: Attributes<T>,
): Request {
  return {
    type: family.id,
    flags: 0,
    body: (writer: ByteWriter) => {
      writer.u8(command);
      writer.u8(family.version);
      writer.u16(0);
      encodeAttributes(writer, table, values);
    },
  };
}

/** The attributes of a generic netlink message; undefined when it is damaged. */
export function decodeGeneric<T extends Table>(table: T, message: Message): Attributes<T> | undefined {
  if (message.start + GENERIC_HEADER_LENGTH > message.end) return undefined;
  const decoded = decodeAttributes(table, message.view, message.start + GENERIC_HEADER_LENGTH, message.end);
  return decoded.ok ? decoded.value : undefined;
}

/** Looks a family up by name. ENOENT: no such family, usually because its module is not loaded. */
export function findFamily(connection: NetlinkConnection, name: string, version: number): Result<Family, KernelError> {
  return connection.query(genericRequest(CONTROLLER, GET_FAMILY, controller, { name }), (message) => {
    const { id } = decodeGeneric(controller, message) ?? {};
    return id === undefined ? undefined : { id, version };
  });
}
