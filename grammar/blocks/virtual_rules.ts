import { list } from '../keyword.ts';
import { ruleLine } from '../rule-line.ts';

export const virtualRules = list(ruleLine, 'Routing rules held while master.');
