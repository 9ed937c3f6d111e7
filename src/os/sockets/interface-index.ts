import { native } from '../native.ts';
import { isNativeError } from '../system-error.ts';

/** if_nametoindex(3): the index of an interface as it is now; undefined when there is none of that name. */
export function interfaceIndex(name: string): number | undefined {
  try {
    return native.interfaceIndex(name);
  } catch (error) {
    if (isNativeError(error)) return undefined;
    throw error;
  }
}
