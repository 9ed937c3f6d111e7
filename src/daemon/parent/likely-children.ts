import type { Role } from '../../ipc/messages.ts';

/**
 * The children that a configuration's text will need, judged without reading it properly, in starting order. They are
 * then started beside the real reading; a wrong guess costs a process, never correctness. Nothing is guessed where an
 * include may say more, or where children have to start in another network namespace.
 */
export function likelyChildren(text: string): Role[] {
  if (/^[^!#\n]*\b(?:include\w*|net_namespace)\b/m.test(text)) return [];
  const roles: Role[] = [];
  if (/^\s*virtual_server\b/m.test(text)) roles.push('checker');
  if (/^\s*vrrp_instance\b/m.test(text)) roles.push('vrrp');
  if (/^\s*bfd_instance\b/m.test(text)) roles.push('bfd');
  return roles;
}
