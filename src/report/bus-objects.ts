import type { ShownState } from '../lib/vrrp-words.ts';

/* What org.keepalived.Vrrp1 shows on D-Bus: objects, properties and methods, and the answers to calls. */

/** A virtual router as the bus sees it. */
export interface BusInstance {
  readonly name: string;
  /** Empty where it has none. */
  readonly interface: string;
  readonly virtualRouterId: number;
  readonly family: 4 | 6;
  readonly state: ShownState;
}

/** A method call. */
export interface BusCall {
  readonly path: string;
  readonly interface?: string | undefined;
  readonly member: string;
  readonly body: readonly unknown[];
}

/** What a caller asks the daemon to do. */
export type BusRequest =
  | { readonly type: 'printData' | 'printStats' | 'printStatsClear' | 'reload' }
  | { readonly type: 'sendGarp'; readonly instance: string };

export type BusAnswer =
  | { readonly signature?: string; readonly body?: readonly unknown[]; readonly request?: BusRequest }
  | { readonly error: string; readonly text: string };

export const ROOT = '/org/keepalived/Vrrp1';
export const VRRP_PATH = `${ROOT}/Vrrp`;
export const VRRP_INTERFACE = 'org.keepalived.Vrrp1.Vrrp';
export const INSTANCE_INTERFACE = 'org.keepalived.Vrrp1.Instance';

const STANDARD = 'org.freedesktop.DBus';
const UNKNOWN_METHOD = `${STANDARD}.Error.UnknownMethod`;
const INVALID_ARGUMENTS = `${STANDARD}.Error.InvalidArgs`;

const STATES: Readonly<Record<ShownState, readonly [number, string]>> = {
  INIT: [0, 'Init'],
  BACKUP: [1, 'Backup'],
  MASTER: [2, 'Master'],
  FAULT: [3, 'Fault'],
  DELETED: [97, 'Deleted'],
  STOP: [98, 'Stop'],
};

const REQUESTS = {
  PrintData: 'printData',
  PrintStats: 'printStats',
  PrintStatsClear: 'printStatsClear',
  ReloadConfig: 'reload',
} as const;

/** VrrpStatusChange's argument. */
export function stateNumber(state: ShownState): number {
  return STATES[state][0];
}

/** .../Instance/IFNAME/VRID/IPv4; an object path has letters, digits and _ only. `placeholder` stands for no interface. */
export function instancePath(instance: Omit<BusInstance, 'name' | 'state'>, placeholder: string): string {
  const name = (instance.interface || placeholder).replace(/[^A-Za-z0-9_]/g, '_');
  return `${ROOT}/Instance/${name}/${instance.virtualRouterId}/IPv${instance.family}`;
}

/** The answer to `call`; `instances` by their paths. */
export function answerCall(call: BusCall, instances: ReadonlyMap<string, BusInstance>): BusAnswer {
  const paths = [VRRP_PATH, ...instances.keys()];
  if (!paths.some((path) => path === call.path || path.startsWith(call.path === '/' ? '/' : `${call.path}/`))) {
    return { error: UNKNOWN_METHOD, text: `Object does not exist at path “${call.path}”` };
  }
  switch (call.interface) {
    case `${STANDARD}.Introspectable`:
      if (call.member === 'Introspect') return { signature: 's', body: [introspection(call.path, paths)] };
      break;
    case `${STANDARD}.Peer`:
      if (call.member === 'Ping') return {};
      break;
    case `${STANDARD}.Properties`:
      return answerProperties(call, instances.get(call.path));
    default:
      return answerOwn(call, instances.get(call.path));
  }
  return unknownMethod(call);
}

function answerOwn(call: BusCall, instance: BusInstance | undefined): BusAnswer {
  const { member } = call;
  const fits = (name: string): boolean => call.interface === undefined || call.interface === name;
  if (instance !== undefined && fits(INSTANCE_INTERFACE) && member === 'SendGarp') {
    return { request: { type: 'sendGarp', instance: instance.name } };
  }
  if (call.path === VRRP_PATH && fits(VRRP_INTERFACE) && Object.hasOwn(REQUESTS, member)) {
    return { request: { type: REQUESTS[member as keyof typeof REQUESTS] } };
  }
  return unknownMethod(call);
}

function answerProperties(call: BusCall, instance: BusInstance | undefined): BusAnswer {
  const [name, property] = call.body;
  if (call.member === 'Set') return { error: `${STANDARD}.Error.PropertyReadOnly`, text: 'It can only be read' };
  if (typeof name !== 'string') return { error: INVALID_ARGUMENTS, text: 'An interface name is expected' };
  const properties = instance !== undefined && name === INSTANCE_INTERFACE ? propertiesOf(instance) : [];
  if (call.member === 'GetAll') return { signature: 'a{sv}', body: [properties] };
  if (call.member !== 'Get') return unknownMethod(call);
  const found = properties.find(([key]) => key === property);
  if (found === undefined) return { error: INVALID_ARGUMENTS, text: `No such property “${String(property)}”` };
  return { signature: 'v', body: [found[1]] };
}

/** Each with its signature, as variants are. keepalived sends Name as a structure, whatever its interface file says. */
function propertiesOf({ name, state }: BusInstance): (readonly [string, readonly [string, unknown]])[] {
  return [
    ['Name', ['(s)', [name]]],
    ['State', ['(us)', [...STATES[state]]]],
  ];
}

function unknownMethod({ member }: BusCall): BusAnswer {
  return { error: UNKNOWN_METHOD, text: `No such method “${member}”` };
}

/** The D-Bus specification, "Introspection Data Format". */
function introspection(path: string, paths: readonly string[]): string {
  const prefix = path === '/' ? '/' : `${path}/`;
  const below = paths.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length).split('/')[0]);
  const nodes = [...new Set(below)].map((name) => `  <node name="${name}"/>\n`).join('');
  const own = !paths.includes(path) ? '' : path === VRRP_PATH ? VRRP_XML : INSTANCE_XML;
  return `${DOCTYPE}<node>\n${STANDARD_XML}${own}${nodes}</node>\n`;
}

const DOCTYPE = `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
`;
const STANDARD_XML = `  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg type="s" name="interface_name" direction="in"/>
      <arg type="s" name="property_name" direction="in"/>
      <arg type="v" name="value" direction="out"/>
    </method>
    <method name="GetAll">
      <arg type="s" name="interface_name" direction="in"/>
      <arg type="a{sv}" name="properties" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.DBus.Introspectable">
    <method name="Introspect">
      <arg type="s" name="xml_data" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.DBus.Peer">
    <method name="Ping"/>
  </interface>
`;
const VRRP_XML = `  <interface name="${VRRP_INTERFACE}">
    <method name="PrintData"/>
    <method name="PrintStats"/>
    <method name="PrintStatsClear"/>
    <method name="ReloadConfig"/>
    <signal name="VrrpStarted"/>
    <signal name="VrrpReloaded"/>
    <signal name="VrrpStopped"/>
  </interface>
`;
const INSTANCE_XML = `  <interface name="${INSTANCE_INTERFACE}">
    <method name="SendGarp"/>
    <signal name="VrrpStatusChange">
      <arg type="u" name="status"/>
    </signal>
    <property type="(s)" name="Name" access="read"/>
    <property type="(us)" name="State" access="read"/>
  </interface>
`;
