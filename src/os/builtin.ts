/** Node's modules that take long to load and that most daemons never need, each loaded when it is first asked for. */
export const builtin = {
  crypto: () => process.getBuiltinModule('node:crypto'),
  filePromises: () => process.getBuiltinModule('node:fs/promises'),
  inspector: () => process.getBuiltinModule('node:inspector'),
  tls: () => process.getBuiltinModule('node:tls'),
};
