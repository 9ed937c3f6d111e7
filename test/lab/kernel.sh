#!/bin/bash
# Runs a script where the kernel has IPVS: in fresh namespaces of this machine's kernel if that has ip_vs, otherwise as
# init of a User-Mode Linux kernel over this machine's own file system, which boots in about three seconds.
#
#   kernel.sh SCRIPT [ARGUMENT...]
#
#   LAB_KERNEL=auto|host|uml   which kernel (default auto; the choice is printed as a comment); or the path of a
#                              User-Mode Linux kernel, such as one with NAT for nftables, which Debian's has not
#   LAB_MEMORY=1024M           memory of the User-Mode Linux kernel
#   LAB_LIMIT=300              seconds after which everything is ended
#
# DAEMON, REFERENCE and LAB_* reach the script. It sees an empty /run and no network but lo. Exit status is its own.
set -eu
script=$(readlink -f "$1")
shift
kind=${LAB_KERNEL:-auto}
uml=linux.uml
limit=${LAB_LIMIT:-300}

case $kind in */*) uml=$kind kind=uml ;; esac

host_has_ipvs() { [ -d /proc/sys/net/ipv4/vs ] || modprobe -q ip_vs 2>/dev/null; }
if [ "$kind" = auto ]; then
  if host_has_ipvs; then kind=host; else kind=uml; fi
fi
echo "# kernel: $kind ($([ "$kind" = host ] && uname -r || echo "User-Mode Linux"))"

work=$(mktemp -d "${TMPDIR:-/tmp}/lab.XXXXXX")
trap 'rm -rf "$work"' EXIT
{
  echo 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'":$(printf %q "$PATH")"
  echo 'export HOME=/root TERM=dumb LANG=C.UTF-8'
  echo "cd $(printf %q "$work")"
  for name in DAEMON REFERENCE "${!LAB_@}"; do
    [ -n "${!name-}" ] && printf 'export %s=%q\n' "$name" "${!name}"
  done
  echo 'mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/lock /run/scratch; ip link set lo up'
} >"$work/environment"

if [ "$kind" = host ]; then
  timeout -k 5 "$limit" unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc \
    bash -c '. "$1"; shift; exec "$@"' lab "$work/environment" "$script" "$@" </dev/null
  exit
fi

command -v "$uml" >/dev/null || { echo 'Bail out! linux.uml is missing (Debian package user-mode-linux)'; exit 77; }
printf '%q ' "$script" "$@" >"$work/command"
mkdir -p /lib/modules
cat >"$work/init" <<INIT
#!/bin/bash
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts; mount -t tmpfs tmpfs /dev/shm
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
. $(printf %q "$work")/environment
mount -t tmpfs tmpfs /lib/modules; ln -s /usr/lib/uml/modules/\$(uname -r) /lib/modules/\$(uname -r)
for module in ip_vs veth bridge ipip nf_conntrack; do modprobe \$module 2>/dev/null; done
stty -opost -echo </dev/ttyS0
$(cat "$work/command") >/dev/ttyS0 2>&1 </dev/null
echo \$? >$(printf %q "$work")/status
# The serial line empties before the machine ends; reboot(2) because a minimal system has no halt program.
python3 -c 'import termios; f = open("/dev/ttyS0", "w"); termios.tcdrain(f)'
sync
exec perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0)'
INIT
chmod +x "$work/init"
memory=${LAB_MEMORY:-1024M}
# The guest's memory is a mapped temporary file; the small /dev/shm of a container would kill it half-way.
[ "$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt "${memory%M}" ] 2>/dev/null && export TMPDIR=/dev/shm
timeout -k 5 "$limit" "$uml" mem="$memory" rootfstype=hostfs rootflags=/ rw init="$work/init" \
  con=null con0=null ssl=null ssl0=null,fd:3 quiet umid="lab-$$" \
  3>&1 >"$work/console" 2>&1 </dev/null || true
if [ ! -e "$work/status" ]; then
  echo "Bail out! the lab kernel ended early or ran longer than $limit s"
  tail -5 "$work/console" | sed 's/^/# /'
  exit 125
fi
exit "$(cat "$work/status")"
