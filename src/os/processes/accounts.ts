import { readFileSync } from 'node:fs';

/** A line of passwd(5). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The local users and groups; those of directory services are not known. */
export interface Accounts {
  user(name: string): Account | undefined;
  userOf(uid: number): Account | undefined;
  groupId(name: string): number | undefined;
}

/** Reads passwd(5) and group(5) at the first question; a file that cannot be read counts as empty. */
export function localAccounts(passwd = '/etc/passwd', group = '/etc/group'): Accounts {
  let users: readonly Account[] | undefined;
  let groups: ReadonlyMap<string, number> | undefined;
  const allUsers = () => {
    users ??= records(passwd).map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
    return users;
  };
  return {
    user: (name) => allUsers().find((user) => user.name === name),
    userOf: (uid) => allUsers().find((user) => user.uid === uid),
    groupId: (name) => {
      groups ??= new Map(records(group).map(([key = '', , gid]) => [key, Number(gid)]));
      return groups.get(name);
    },
  };
}

function records(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.split(':')).filter((fields) => fields.length >= 4);
  } catch {
    return [];
  }
}
