import type { ssl } from '../../grammar/blocks/ssl.ts';
import type { virtualServerGroup } from '../../grammar/blocks/virtual_server_group.ts';
import type { Infer } from '../../grammar/keyword.ts';
import type { SslSettings, VirtualServerGroup } from './types.ts';

export function resolveGroups(raws: readonly Infer<typeof virtualServerGroup>[]): VirtualServerGroup[] {
  return raws.map(({ name, entries = [] }) => ({ name, entries }));
}

/** Of several blocks the last one counts; one that sets nothing is as good as none. */
export function resolveSsl(raws: readonly Infer<typeof ssl>[] = []): { readonly ssl?: SslSettings } {
  const { password, ca, certificate, key } = raws.at(-1) ?? {};
  const settings: SslSettings = {
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  };
  return Object.keys(settings).length === 0 ? {} : { ssl: settings };
}
