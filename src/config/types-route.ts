import type { EncapsulationLine } from '../../grammar/route-encapsulation.ts';
import type { MetricsLine, MetricWord } from '../../grammar/route-metrics.ts';
import type { NextHopLine } from '../../grammar/route-next-hops.ts';
import type { RouteLine } from '../../grammar/route-words.ts';
import type { RuleLine } from '../../grammar/rule-words.ts';

export type { Prefix } from '../../grammar/prefix.ts';

/** Routes and rules have no defaults that depend on anything else: what a line says is what is configured. */
export type StaticRoute = RouteLine;
export type StaticRule = RuleLine;

/** A route of virtual_routes. */
export type Route = Omit<RouteLine, 'trackGroup'>;
/** A rule of virtual_rules. */
export type RoutingRule = Omit<RuleLine, 'trackGroup'>;

export type RouteMetrics = MetricsLine;
export type MetricName = MetricWord;
export type NextHop = NextHopLine;
export type Encapsulation = EncapsulationLine;
