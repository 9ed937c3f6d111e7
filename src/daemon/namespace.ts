import { native } from '../os/native.ts';

/** Joins the network namespace of that name (ip-netns(8)); the message when there is none. */
export function enterNamespace(name: string): string | undefined {
  const path = `/run/netns/${name}`;
  try {
    native.enterNetworkNamespace(path);
    return undefined;
  } catch {
    return `Failed to open ${path}`;
  }
}
