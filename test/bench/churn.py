"""churn.py DIRECTORY COUNT DAEMON: reloads and dumps the daemon COUNT times in a row; see churn.sh."""
import os
import signal
import subprocess
import sys
import time

directory, count, daemon = sys.argv[1], int(sys.argv[2]), sys.argv[3].split()
config = f"{directory}/churn.conf"
pids = {name: f"{directory}/{name}.pid" for name in ("parent", "vrrp", "checkers")}

TURN_SECONDS = 0.11

INSTANCE = """vrrp_instance VI_{n} {{
    state MASTER
    interface dummy0
    virtual_router_id {n}
    priority {priority}
    advert_int 1
    virtual_ipaddress {{
        10.8.0.{n}/24
    }}
    track_process {{
        shell
    }}
}}
"""
SERVICE = """virtual_server 10.8.0.{n} 80 {{
    delay_loop 5
    lb_algo wrr
    lb_kind NAT
    protocol TCP
    sorry_server 10.9.0.1 8080
    real_server 10.9.0.1 80 {{
        weight {weight}
        inhibit_on_failure
        HTTP_GET {{
            url {{
                path /
                status_code 200
            }}
            connect_timeout 1
        }}
    }}
    real_server 10.9.0.1 81 {{
        weight 1
        TCP_CHECK {{
            connect_timeout 1
        }}
    }}
}}
"""


def write(turn):
    """Another priority and another weight each time; every tenth time a service and an instance more."""
    more = turn % 10 == 0
    text = "global_defs {\n    router_id churn\n}\nvrrp_track_process shell {\n    process sh\n}\n"
    text += "".join(INSTANCE.format(n=n, priority=100 + (turn + n) % 50) for n in range(1, 6 + more))
    text += "".join(SERVICE.format(n=n, weight=1 + (turn + n) % 7) for n in range(1, 11 + more))
    with open(config + ".new", "w") as file:
        file.write(text)
    os.rename(config + ".new", config)


def memory(turn):
    for name, path in pids.items():
        with open(path) as file:
            pid = int(file.read())
        rss = field(f"/proc/{pid}/status", "VmRSS:")
        print(f"memory {turn} {name} {rss} {field(f'/proc/{pid}/smaps_rollup', 'Pss:')}", flush=True)


def field(path, name):
    with open(path) as file:
        return next((int(line.split()[1]) for line in file if line.startswith(name)), 0)


write(1)
options = ["-n", "-l", "-D", "-f", config, "-p", pids["parent"], "-r", pids["vrrp"], "-c", pids["checkers"]]
process = subprocess.Popen(daemon + options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
heard = b""


def wait(*words):
    """Until every one of the words has been logged, each after what was waited for before."""
    global heard
    missing = list(words)
    while missing:
        missing = [word for word in missing if word not in heard]
        if not missing:
            break
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            sys.exit(f"the daemon ended: {heard[-2000:].decode()}")
        heard += piece
    heard = b""


wait(b"Startup complete")
time.sleep(5)
memory(0)
began = turned = time.monotonic()
for turn in range(2, count + 2):
    # A message that comes more than 100 times in 10 s is counted instead, and could not be waited for.
    time.sleep(max(0, turned + TURN_SECONDS - time.monotonic()))
    turned = time.monotonic()
    write(turn)
    process.send_signal(signal.SIGHUP)
    wait(b"Reload complete")
    process.send_signal(signal.SIGUSR1)
    wait(b"Printing VRRP data", b"Printing checker data")
    if turn - 1 in (10, 100, 1000, count):
        print(f"cycles {turn - 1} {time.monotonic() - began:.1f}")
        memory(turn - 1)
process.send_signal(signal.SIGTERM)
wait(b"Stopped")
