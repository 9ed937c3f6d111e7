import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownServers } from '../../../src/config/known-servers.ts';
import type { LoadedConfig } from '../../../src/config/load.ts';
import { load } from './loading.ts';

const known = () => ({ known: new KnownServers(), test: false });

function server(last: number, lines = '    weight 1\n'): string {
  return `virtual_server 10.0.0.${last} 80 {
  protocol TCP
  lb_algo rr
  lb_kind NAT
  real_server 10.1.0.1 80 {
${lines}    TCP_CHECK {
      connect_timeout 3
    }
  }
}
`;
}

/** Which virtual servers of `after` are the very objects of `before`. */
function kept(before: LoadedConfig, after: LoadedConfig): boolean[] {
  const old = new Set(before.config?.virtualServers);
  return after.config?.virtualServers.map((one) => old.has(one)) ?? [];
}

/** Reads `texts` one after the other with one memory: each comes to what a first reading of it would. */
function readings(texts: readonly string[], files: Readonly<Record<string, string>> = {}): LoadedConfig[] {
  const options = known();
  return texts.map((text) => {
    const loaded = load(text, files, options);
    assert.deepEqual(loaded, load(text, files, { test: false }));
    return loaded;
  });
}

test('only what has changed is read again', () => {
  const [a, b] = readings([
    `${server(1)}${server(2)}${server(3)}`,
    `${server(1)}${server(2, '    weight 7\n')}${server(3)}`,
  ]);
  assert.deepEqual(kept(a!, b!), [true, false, true]);
  assert.equal(b!.config?.virtualServers[1]?.realServers[0]?.weight, 7);
});

test('moved, removed, repeated and commented blocks', () => {
  const [a, b, c] = readings([
    `${server(1)}# one\n${server(2)}`,
    `! two\n${server(2)}\n${server(2)}${server(1)}}\n`,
    `global_defs {\n}\n${server(1)}`,
  ]);
  assert.deepEqual(kept(a!, b!), [false, false, false]);
  assert.deepEqual(kept(a!, c!), [true]);
});

test('lines are counted over blocks that are passed over', () => {
  const wrong = 'virtual_server 10.0.0.9 80 {\n  protocol TCP\n  lb_algo rr\n  wrong\n}\n';
  const [a, b] = readings([`${server(1)}${wrong}`, `\n${server(1)}${wrong}`]);
  assert.deepEqual(kept(a!, b!), [true]);
  assert.equal(b!.diagnostics.find(({ message }) => message.includes('wrong'))?.line, 16);
});

test('a block that depends on anything but its text is read each time', () => {
  const checked = (lines: string) => server(1, lines);
  for (const lines of [
    '    MISC_CHECK {\n      misc_path "/bin/true"\n    }\n',
    '    notify_up /bin/true\n',
    '    FILE_CHECK {\n      track_file wt\n    }\n',
    '    weight $WEIGHT\n',
    '    include weight.conf\n',
    '    quack\n',
  ]) {
    const before = '$WEIGHT=3\ntrack_file wt {\n  file /tmp/wt\n}\n';
    const text = `${before}${checked(lines)}${server(2)}`;
    const [a, b] = readings([text, text], { 'weight.conf': 'weight 3\n' });
    assert.deepEqual(kept(a!, b!), [false, true], lines);
  }
});

test('another default makes all of them others', () => {
  const text = `${server(1)}${server(2)}`;
  const [a, b, c] = readings([
    text,
    `global_defs {\n  smtp_alert\n}\n${text}`,
    `global_defs {\n  smtp_alert\n}\n${text}`,
  ]);
  assert.deepEqual(kept(a!, b!), [false, false]);
  assert.deepEqual(kept(b!, c!), [true, true]);
});

test('included files, braces on lines of their own, and several blocks on a line', () => {
  const braces = server(1).replace('80 {', '80\n{');
  const twice = `${server(3).trimEnd()} ${server(4)}`;
  const files = { 'more.conf': `${server(5)}${server(6)}` };
  const [a, b] = readings(
    [`${braces}include more.conf\n${twice}${server(7)}`, `include more.conf\n${server(7)}${twice}${braces}`],
    files,
  );
  assert.deepEqual(kept(a!, b!), [true, true, true, false, false, true]);
});

test('a configuration that cannot be used leaves what is known', () => {
  const text = `${server(1)}${server(2)}`;
  const [a, , c] = readings([text, `${text}vrrp_instance a {\n  state\n}\n`, text]);
  assert.deepEqual(kept(a!, c!), [true, true]);
});
