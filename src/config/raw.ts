import type { globalDefs } from '../../grammar/blocks/global_defs.ts';
import type { realServer } from '../../grammar/blocks/real_server.ts';
import type { virtualServer } from '../../grammar/blocks/virtual_server.ts';
import type { vrrpInstance } from '../../grammar/blocks/vrrp_instance.ts';
import type { Infer } from '../../grammar/keyword.ts';

/** Blocks as written: only what the file says, no defaults. */
export type RawGlobal = Partial<Infer<typeof globalDefs>>;
export type RawInstance = Infer<typeof vrrpInstance>;
export type RawVirtualServer = Infer<typeof virtualServer>;
export type RawRealServer = Infer<typeof realServer>;
