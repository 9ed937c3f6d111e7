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

interface Stream {
  readonly readableLength: number;
  on(event: string, listener: () => void): unknown;
  end(): void;
  destroy(): void;
}

interface LibraryConnection {
  readonly stream: Stream;
  message(message: BusMessage): void;
  on(event: string, listener: (value: never) => void): void;
}

const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';

/**
 * Connects to the system bus (DBUS_SYSTEM_BUS_ADDRESS). `ended` is called once, later, with the reason if there is one; there is
 * no connection any more then.
 */
export function connectSystemBus(
  received: (message: BusMessage) => void,
  ended: (reason: string | undefined) => void,
): BusConnection {
  let serial = 0;
  let open = true;
  let connection: LibraryConnection | undefined;
  const end = (reason: string | undefined): void => {
    if (!open) return;
    open = false;
    connection?.stream.destroy();
    ended(reason);
  };
  try {
    connection = connect(
      process.env.DBUS_SYSTEM_BUS_ADDRESS || SYSTEM_BUS,
      (message) => open && received(message),
      end,
    );
  } catch (error) {
    queueMicrotask(() => end(textOf(error)));
  }
  return {
    send: (message) => {
      serial += 1;
      if (open) connection?.message({ ...message, serial });
      return serial;
    },
    close: () => {
      open = false;
      connection?.stream.end();
    },
  };
}

/** Throws at an address that the library does not understand. */
function connect(
  busAddress: string,
  received: (message: BusMessage) => void,
  ended: (reason: string | undefined) => void,
): LibraryConnection {
  const library = dbus as unknown as { createConnection(options: object): LibraryConnection };
  const connection = library.createConnection({ busAddress });
  const arrived: BusMessage[] = [];
  connection.on('message', (message: BusMessage) => arrived.push(message));
  connection.on('error', (error: Error) => ended(error.message));
  connection.on('end', () => ended(undefined));
  connection.on('connect', () => {
    // Next the library listens to the stream for messages.
    const { stream } = connection;
    const { on } = stream;
    stream.on = (event, read) => {
      stream.on = on;
      return stream.on(event, () => {
        const failure = readAll(stream, read);
        for (const message of arrived.splice(0)) received(message);
        if (failure !== undefined) ended(failure);
      });
    };
  });
  return connection;
}

/**
 * The library's reader throws at a message with types that it does not know, which anybody on the bus may send. The message has been
 * taken off the stream by then, so that reading goes on after it. Gives the reason where reading cannot go on.
 */
function readAll(stream: Stream, read: () => void): string | undefined {
  for (;;) {
    const left = stream.readableLength;
    try {
      read();
      return undefined;
    } catch (error) {
      if (stream.readableLength === left) return textOf(error);
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
