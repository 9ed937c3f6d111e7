import { staticAddressLine } from '../address-line.ts';
import { list } from '../keyword.ts';

export const staticAddresses = list(staticAddressLine, 'Addresses held from start to stop, whatever the instances do.');
