// Builds dist/evenkeel_VERSION_ARCH.deb: the daemon in keepalived's place, with the Node.js that runs it.
// `--system-node` depends on the distribution's nodejs instead.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const systemNode = process.argv.includes('--system-node');
const here = import.meta.dirname;
const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' }).trim();
const architecture = run('dpkg', '--print-architecture');
const root = 'dist/deb';
const home = 'usr/lib/evenkeel';

rmSync(root, { recursive: true, force: true });

function put(path, content, mode = 0o644) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  chmodSync(target, mode);
}

function link(path, target) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

const asset = (name) => readFileSync(join(here, name), 'utf8');
/** keepalived(8), its options from what the program says of itself. */
function daemonManual() {
  // The usage goes to standard error, as keepalived's does.
  const usage = run('sh', '-c', 'dist/bin/keepalived --help 2>&1');
  const roff = (text) => text.replace(/\\/g, '\\e').replace(/-/g, '\\-');
  const options = usage
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, option, meaning] = /^ {1,6}(-\S.*?)(?: {2,}(.*))?$/.exec(line) ?? [];
      return option === undefined ? roff(line.trim()) : `.TP\n.B ${roff(option)}\n${roff(meaning ?? '')}`.trimEnd();
    });
  return asset('keepalived.8').replace('@OPTIONS@', () => options.join('\n'));
}

const compressed = (text) => gzipSync(text.endsWith('\n') ? text : `${text}\n`, { level: 9 });

cpSync('dist/lib', join(root, home, 'dist/lib'), { recursive: true });
put(`${home}/dist/bin/keepalived`, readFileSync('dist/bin/keepalived'), 0o755);
put(`${home}/package.json`, readFileSync('package.json'));
put(`${home}/native/build/Release/evenkeel.node`, readFileSync('native/build/Release/evenkeel.node'));
run('strip', '--strip-unneeded', join(root, home, 'native/build/Release/evenkeel.node'));
if (!systemNode) {
  put(`${home}/bin/node`, readFileSync(process.execPath), 0o755);
  run('strip', join(root, home, 'bin/node'));
}
link('usr/sbin/keepalived', '../lib/evenkeel/dist/bin/keepalived');
link('usr/bin/genhash', '../lib/evenkeel/dist/bin/keepalived');
link('usr/bin/evenkeel', '../lib/evenkeel/dist/bin/keepalived');

// Laid out as in the source, so that their links lead somewhere.
const documents = join(root, 'usr/share/doc/evenkeel');
for (const name of ['README.md', 'docs', 'examples']) cpSync(name, join(documents, name), { recursive: true });

put('lib/systemd/system/keepalived.service', asset('keepalived.service'));
put('etc/init.d/keepalived', asset('init'), 0o755);
mkdirSync(join(root, 'etc/keepalived'), { recursive: true });
put('usr/share/evenkeel/default', asset('default'));
put('usr/share/dbus-1/system.d/org.keepalived.Vrrp1.conf', asset('dbus.conf'));
put(
  'usr/share/man/man5/keepalived.conf.5.gz',
  compressed(run('dist/bin/evenkeel', 'explain', '--all', '--format', 'man')),
);
put('usr/share/man/man8/keepalived.8.gz', compressed(daemonManual()));
put('usr/share/man/man1/genhash.1.gz', compressed(asset('genhash.1')));
put('usr/share/man/man1/evenkeel.1.gz', compressed(asset('evenkeel.1')));
const license = readFileSync('LICENSE', 'utf8').trim();
const node = systemNode ? '' : '\nFiles: usr/lib/evenkeel/bin/node\nCopyright: Node.js contributors\nLicense: Expat\n';
put(
  'usr/share/doc/evenkeel/copyright',
  `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2026 The Evenkeel authors
License: Expat
Comment: The packages that are part of dist/lib have their licences in
 /usr/lib/evenkeel/dist/lib/LICENSES
${node}
License: Expat
${license
  .split('\n')
  .map((line) => ` ${line === '' ? '.' : line}`)
  .join('\n')}
`,
);
const maintainer = 'Evenkeel maintainers <maintainers@evenkeel.example.org>';
const when = run('date', '-R', '-d', `@${run('git', 'log', '-1', '--format=%ct')}`);
const changelog = `evenkeel (${version}-1) unstable; urgency=medium\n\n  * ${description}\n\n -- ${maintainer}  ${when}\n`;
put('usr/share/doc/evenkeel/changelog.Debian.gz', compressed(changelog));

// Node.js brings its own copies of libraries, which is what makes the package independent of the distribution's.
const overrides = ['embedded-library *', 'hardening-no-pie *'].map((tag) => `evenkeel: ${tag}\n`).join('');
if (!systemNode) put('usr/share/lintian/overrides/evenkeel', overrides);
for (const script of ['postinst', 'prerm', 'postrm']) put(`DEBIAN/${script}`, asset(script), 0o755);
put('DEBIAN/conffiles', '/etc/init.d/keepalived\n');
const size = run('du', '-sk', '--exclude=DEBIAN', root).split(/\s/)[0];
put(
  'DEBIAN/control',
  `Package: evenkeel
Version: ${version}-1
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${size}
Pre-Depends: init-system-helpers (>= 1.54~)
Depends: libc6 (>= 2.28), libgcc-s1, libpcre2-8-0, libstdc++6${systemNode ? ', nodejs (>= 20.19)' : ''}
Recommends: ipvsadm, kmod
Suggests: snmpd
Provides: keepalived (= 1:2.4.3-1)
Conflicts: keepalived
Replaces: keepalived
Section: net
Priority: optional
Description: virtual routers and virtual servers, in place of keepalived
 A drop-in replacement for keepalived: it reads the same configuration file,
 takes the same command line and signals, speaks the same VRRP on the wire and
 programs the same IPVS table, and says exactly what is wrong with a
 configuration.
`,
);
const file = `dist/evenkeel_${version}-1_${architecture}.deb`;
run('dpkg-deb', '--root-owner-group', '-Zxz', '--build', root, file);
rmSync(root, { recursive: true, force: true });
console.log(file);
