import { scenario } from './scenario.ts';

await scenario('virtual-servers');
