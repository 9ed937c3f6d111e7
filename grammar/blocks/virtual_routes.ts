import { list } from '../keyword.ts';
import { routeLine } from '../route-line.ts';

export const virtualRoutes = list(routeLine, 'Routes held while master.');
