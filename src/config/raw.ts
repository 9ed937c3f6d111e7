import type { globalDefs } from '../../grammar/blocks/global_defs.ts';
import type { realServer } from '../../grammar/blocks/real_server.ts';
import type { virtualServer } from '../../grammar/blocks/virtual_server.ts';
import type { bfdInstance } from '../../grammar/blocks/bfd_instance.ts';
import type { trackFile } from '../../grammar/blocks/track_file.ts';
import type { vrrpTrackProcess } from '../../grammar/blocks/vrrp/processes.ts';
import type { vrrpScript } from '../../grammar/blocks/vrrp/scripts.ts';
import type { vrrpInstance } from '../../grammar/blocks/vrrp_instance.ts';
import type { vrrpSyncGroup } from '../../grammar/blocks/vrrp_sync_group.ts';
import type { Infer } from '../../grammar/keyword.ts';

/** Blocks as written: only what the file says, no defaults. */
export type RawGlobal = Partial<Infer<typeof globalDefs>>;
/** `unicast`: a keyword stands there that says that unicast is meant. */
export type RawInstance = Infer<typeof vrrpInstance> & { readonly unicast?: boolean };
export type RawSyncGroup = Infer<typeof vrrpSyncGroup>;
export type RawScript = Infer<typeof vrrpScript>;
export type RawTrackProcess = Infer<typeof vrrpTrackProcess>;
export type RawTrackFile = Infer<typeof trackFile>;
/** `disabled`: something is wrong with its addresses. */
export type RawBfdInstance = Infer<typeof bfdInstance> & { readonly disabled?: true };
export type RawVirtualServer = Infer<typeof virtualServer>;
export type RawRealServer = Infer<typeof realServer>;
