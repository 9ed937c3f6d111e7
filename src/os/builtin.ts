/** Node's modules that take long to load and that most daemons never need, each loaded when it is first asked for. */
export const builtin = {
  childProcess: () => process.getBuiltinModule('node:child_process'),
  crypto: () => process.getBuiltinModule('node:crypto'),
  filePromises: () => process.getBuiltinModule('node:fs/promises'),
  inspector: () => process.getBuiltinModule('node:inspector'),
  net: () => process.getBuiltinModule('node:net'),
  streamConsumers: () => process.getBuiltinModule('node:stream/consumers'),
  tls: () => process.getBuiltinModule('node:tls'),
};
