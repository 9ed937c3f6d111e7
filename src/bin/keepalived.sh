#!/bin/sh
# A small young generation keeps collector pauses short, so that adverts stay on time.
self=$(readlink -f "$0") || exit 1
node=${self%/dist/bin/*}/bin/node
[ -x "$node" ] || node=node
exec "$node" --max-semi-space-size=1 --single-threaded-gc --v8-pool-size=0 "${self%/bin/*}/lib/keepalived.cjs" "$0" "$@"
