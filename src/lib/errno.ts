/** Error numbers of Linux's generic ABI (asm-generic/errno-base.h, errno.h) that this program compares with. */
export const errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENOBUFS: 105,
} as const;

const texts: Readonly<Record<number, string>> = {
  0: 'Success',
  [errno.EPERM]: 'Operation not permitted',
  [errno.ENOENT]: 'No such file or directory',
  [errno.ESRCH]: 'No such process',
  [errno.EINTR]: 'Interrupted system call',
  [errno.EIO]: 'Input/output error',
  [errno.EAGAIN]: 'Resource temporarily unavailable',
  [errno.ENOMEM]: 'Cannot allocate memory',
  [errno.EACCES]: 'Permission denied',
  [errno.EBUSY]: 'Device or resource busy',
  [errno.EEXIST]: 'File exists',
  [errno.ENODEV]: 'No such device',
  [errno.EINVAL]: 'Invalid argument',
  [errno.ERANGE]: 'Numerical result out of range',
  [errno.EPROTO]: 'Protocol error',
  [errno.EMSGSIZE]: 'Message too long',
  [errno.EOPNOTSUPP]: 'Operation not supported',
  [errno.EAFNOSUPPORT]: 'Address family not supported by protocol',
  [errno.EADDRINUSE]: 'Address already in use',
  [errno.EADDRNOTAVAIL]: 'Cannot assign requested address',
  [errno.ENETDOWN]: 'Network is down',
  [errno.ENETUNREACH]: 'Network is unreachable',
  [errno.ENOBUFS]: 'No buffer space available',
};

/** strerror(3) in the C locale, for the error numbers above. */
export function errnoText(number: number): string {
  return texts[number] ?? `Unknown error ${number}`;
}
