import dbus from '@homebridge/dbus-native';

/** A message of D-Bus, as the library has it. */
export interface BusMessage {
  readonly type: number;
  readonly serial?: number;
  readonly replySerial?: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly sender?: string;
  readonly destination?: string;
  readonly errorName?: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
  /** 1: the caller wants no reply. */
  readonly flags?: number;
}

export const METHOD_CALL = 1;
export const METHOD_RETURN = 2;
export const ERROR = 3;
export const SIGNAL = 4;

export interface BusConnection {
  /** Queues a message; its serial number is added. Does nothing once the connection has ended. */
  send(message: Omit<BusMessage, 'serial'>): number;
  close(): void;
}

interface LibraryConnection {
  readonly stream: { destroy(): void; end(): void };
  message(message: BusMessage): void;
  on(event: string, listener: (value: never) => void): void;
}

const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';

/** Connects to the system bus (DBUS_SYSTEM_BUS_ADDRESS). `ended` is called once, with the reason if there is one. */
export function connectSystemBus(
  received: (message: BusMessage) => void,
  ended: (reason: string | undefined) => void,
): BusConnection {
  let serial = 0;
  let open = true;
  const end = (reason: string | undefined): void => {
    if (!open) return;
    open = false;
    ended(reason);
  };
  const address = process.env.DBUS_SYSTEM_BUS_ADDRESS || SYSTEM_BUS;
  const connection = (dbus as unknown as { createConnection(options: object): LibraryConnection }).createConnection({
    busAddress: address,
  });
  connection.on('message', (message: BusMessage) => {
    if (open) received(message);
  });
  connection.on('error', (error: Error) => end(error.message));
  connection.on('end', () => end(undefined));
  return {
    send: (message) => {
      serial += 1;
      if (open) connection.message({ ...message, serial });
      return serial;
    },
    close: () => {
      open = false;
      connection.stream.end();
    },
  };
}
