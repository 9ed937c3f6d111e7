import { list } from '../keyword.ts';
import { staticRouteLine } from '../route-line.ts';

export const staticRoutes = list(staticRouteLine, 'Routes held from start to stop, whatever the instances do.');
