import type { Route, RoutingRule } from '../config/types.ts';
import { destinationText } from './dump-route.ts';
import { selectorText } from './dump-rule.ts';

interface Routing {
  readonly routes: readonly Route[];
  readonly rules: readonly RoutingRule[];
}

/** What a reload takes away, in keepalived's words: a line each, or one for a block of which nothing is left; rules first. */
export function removalLines(gone: Routing, after: Routing): string[] {
  return [
    ...lines('Rule', gone.rules, after.rules, (rule) => `ip rule ${selectorText(rule)} removed`),
    ...lines('Route', gone.routes, after.routes, (route) => `Removing route ${destinationText(route)}`),
  ];
}

function lines<T>(kind: string, gone: readonly T[], after: readonly T[], line: (item: T) => string): string[] {
  return gone.length > 0 && after.length === 0 ? [`Removing a Virtual${kind} block`] : gone.map(line);
}
