/** Indexes of interfaces, asked for once each: many addresses and routes share few of them. */
export function rememberedIndex(indexOf: (name: string) => number | undefined): (name: string) => number | undefined {
  const known = new Map<string, number | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, indexOf(name));
    return known.get(name);
  };
}
