// Writes docs/config.schema.json: the form of `evenkeel dump-conf --format json`, from the types of the configuration.
import { readFileSync, writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const OUTPUT = 'docs/config.schema.json';

const schema = createGenerator({
  path: 'src/config/types.ts',
  tsconfig: 'tsconfig.json',
  type: 'Config',
  skipTypeCheck: true,
}).createSchema('Config');
const text = `${JSON.stringify({ title: 'Effective configuration of Evenkeel', ...printed(schema) }, undefined, 1)}\n`;

if (process.argv[2] === '--check') {
  if (readFileSync(OUTPUT, 'utf8') !== text) {
    console.error(`${OUTPUT} is not what the types say: run npm run schema`);
    process.exit(1);
  }
} else writeFileSync(OUTPUT, text);

/** Bytes are printed as hexadecimal digits, numbers of 64 bits as decimal ones; the generator takes both for numbers. */
function printed(node) {
  if (Array.isArray(node)) return node.map(printed);
  if (typeof node !== 'object' || node === null) return node;
  if (node.properties?.BYTES_PER_ELEMENT) {
    const { description } = node;
    return { type: 'string', pattern: '^([0-9a-f]{2})*$|^[*]+$', ...(description && { description }) };
  }
  const entries = Object.entries(node).map(([name, value]) => {
    const large =
      name === 'locator' || name === 'tunnelId' || (name === 'id' && value.type === 'number' && !value.description);
    return [name, large && value.type === 'number' ? { type: ['number', 'string'] } : printed(value)];
  });
  return Object.fromEntries(entries);
}
