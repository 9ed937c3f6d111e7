import { block, list } from '../keyword.ts';
import { listedWord, uniqueName } from '../names.ts';

const name = uniqueName('track_group', { missing: 'track_group must have a name - skipping', noun: 'track_group' });

/** track_group: stands before the static blocks whose lines name it. */
export const trackGroup = block(name, 'Instances that follow what becomes of static addresses, routes and rules.', {
  group: list(listedWord('names of instances', 'VI_1 VI_2'), 'Names of the instances.', {
    wordwise: true,
    empty: 'Warning - track group %n has empty group block',
    once: (owner) => `Group list already specified for sync group ${owner}`,
  }),
});
