#!/bin/bash
# Sets this machine up and shows the main job: two directors and two real servers on a kernel with IPVS, under traffic.
set -eu
here=$(dirname "$(readlink -f "$0")")
bash "$here/setup.sh"
echo
export DAEMON=${DAEMON:-$(dirname "$here")/dist/bin/keepalived}
exec "$here/lab/kernel.sh" "$here/lab/demonstration.sh"
