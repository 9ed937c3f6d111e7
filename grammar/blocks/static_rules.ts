import { list } from '../keyword.ts';
import { staticRuleLine } from '../rule-line.ts';

export const staticRules = list(staticRuleLine, 'Routing rules held from start to stop, whatever the instances do.');
