#!/bin/sh
# A small young generation keeps collector pauses short, so that adverts stay on time.
self=$(readlink -f "$0") || exit 1
node=${self%/dist/bin/*}/bin/node
[ -x "$node" ] || node=node
# The engine raises its soft limit of open files to the hard one; programs that it starts are to have the former again.
export EVENKEEL_DESCRIPTORS="${EVENKEEL_DESCRIPTORS:-$(ulimit -Sn)}"
exec "$node" --max-semi-space-size=1 --single-threaded-gc --v8-pool-size=0 "${self%/bin/*}/lib/keepalived.cjs" "$0" "$@"
