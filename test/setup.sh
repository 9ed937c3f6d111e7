#!/bin/bash
# Installs what building, the demonstration and the tests need on a Debian machine, then builds. Run as root; running it
# again does only what is still missing.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

say() { echo "setup: $*"; }
fail() {
  echo "setup: $*" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || fail 'run this as root: it installs packages'
command -v apt-get >/dev/null || fail 'this machine has no apt-get; see the list of packages in this file'
export DEBIAN_FRONTEND=noninteractive

packages=(git g++ make python3 iproute2 tcpdump ipvsadm keepalived user-mode-linux curl ca-certificates procps kmod nftables
  iptables perl-base util-linux mmdebstrap lintian systemd dbus-daemon libglib2.0-bin snmpd snmp snmptrapd)

updated=
refuse_services=
cleanup() { [ -z "$refuse_services" ] || rm -f "$refuse_services"; }
trap cleanup EXIT
# install PACKAGE...: no service starts meanwhile (keepalived is here to be compared with, not to run).
install() {
  if [ -z "$updated" ]; then
    say 'reading the package lists'
    apt-get update -qq
    updated=yes
  fi
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    refuse_services=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >$refuse_services
    chmod 755 $refuse_services
  fi
  say "installing $*"
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null || fail "apt-get could not install: $*"
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
absent=()
for package in "${packages[@]}"; do installed "$package" || absent+=("$package"); done
[ ${#absent[@]} = 0 ] || install "${absent[@]}"

# recent COMMAND: a Node.js that the project runs on (package.json, engines).
recent() {
  "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null
}
if ! recent node; then
  candidate=$(apt-cache policy nodejs | sed -n 's/.*Candidate: \([0-9]*\)\..*/\1/p')
  if [ "${candidate:-0}" -ge 22 ] || dpkg --compare-versions "$(apt-cache policy nodejs |
    sed -n 's/.*Candidate: //p')" ge 20.19; then
    install nodejs npm
  fi
fi
if ! recent node; then
  # Debian 12 has Node.js 18. The registry carries the program and its headers as a package.
  command -v npm >/dev/null || install npm
  case $(uname -m) in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) fail "no Node.js 20 for $(uname -m)" ;; esac
  home=/usr/local/lib/evenkeel-node
  say "installing Node.js 20 and npm 10 into $home"
  npm install --silent --no-fund --no-audit --prefix $home "node-linux-$machine@20" npm@10
  ln -sfn "$home/node_modules/node-linux-$machine/bin/node" /usr/local/bin/node
  ln -sfn $home/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
  ln -sfn $home/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
  hash -r
  recent node || fail "node is still $(node --version 2>&1)"
fi
command -v npm >/dev/null || install npm
say "node $(node --version), npm $(npm --version 2>/dev/null)"

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ] ||
  [ ! -e native/build/Release/evenkeel.node ]; then
  say 'npm ci'
  npm ci --silent
elif [ -n "$(find native -maxdepth 1 -type f -newer native/build/Release/evenkeel.node -print -quit)" ]; then
  say 'npm run native'
  npm run --silent native
fi
if [ ! -x dist/bin/keepalived ] || [ -n "$(find src grammar test package.json tsconfig.json \
  -type f -newer dist/bin/keepalived -print -quit)" ]; then
  say 'npm run build'
  npm run --silent build
  touch dist/bin/keepalived
fi
say 'ready'
