import { native } from '../os/native.ts';

/** Where ip-netns(8) keeps a network namespace. */
export function namespacePath(name: string): string {
  return `/run/netns/${name}`;
}

/** Joins the network namespace of that name (ip-netns(8)); the message when there is none. */
export function enterNamespace(name: string): string | undefined {
  const path = namespacePath(name);
  try {
    native.enterNetworkNamespace(path);
    return undefined;
  } catch {
    return `Failed to open ${path}`;
  }
}
