#!/bin/bash
# In the lab kernel: the demonstration's configuration is reloaded and dumped LAB_TIMES times, one setting changed each time.
# Prints "cycles COUNT SECONDS" and, for each process, "memory COUNT NAME RSS-KIB PSS-KIB" after COUNT cycles.
. "$(dirname "$(readlink -f "$0")")/../lab/topology.sh"
host d 1
ip -n d link add dummy0 type dummy
ip -n d link set dummy0 up
exec ip netns exec d python3 "$(dirname "$(readlink -f "$0")")/churn.py" "$scratch" "${LAB_TIMES:-10000}" "$DAEMON"
