/** Members of an object as encoded text, in order; those without a value are left out. */
export type Fields = readonly (readonly [name: string, value: string | undefined])[];

/** A JSON object without white space, as exporters that compare bytes know it. */
export function object(fields: Fields): string {
  const members = fields.flatMap(([name, value]) => (value === undefined ? [] : [`${string(name)}:${value}`]));
  return `{${members.join(',')}}`;
}

export function array(values: readonly string[]): string {
  return `[${values.join(',')}]`;
}

/** A JSON string; like keepalived's writer it escapes the slash too. */
export function string(text: string): string {
  return JSON.stringify(text).replaceAll('/', '\\/');
}

/** A truth value where keepalived prints a number. */
export function bit(value: boolean): string {
  return value ? '1' : '0';
}
