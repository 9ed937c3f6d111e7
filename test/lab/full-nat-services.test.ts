import { scenario } from './scenario.ts';

await scenario('full-nat-services');
