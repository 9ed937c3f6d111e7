/** IP_VS_SVC_F_* of linux/ip_vs.h: what a virtual service asks of the kernel and of its scheduler. */
export const serviceFlags = {
  persistent: 0x1,
  /** The kernel's own mark for what it holds. */
  hashed: 0x2,
  onePacket: 0x4,
  /** The schedulers give these three a meaning of their own. */
  scheduler1: 0x8,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;
