#!/bin/bash
# Runs the packaged unit under a systemd that is process 1 of its own namespaces, over a copy of this file system that
# forgets everything.
#
#   unshare --mount --pid --fork --uts --ipc --net --cgroup --kill-child systemd.sh CHECKOUT DIRECTORY
#
# DIRECTORY holds keepalived.conf and `play`, which is run inside and writes its `result`.
set -eu
checkout=$1 directory=$2
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root /mnt/play
mount --bind "$directory" /mnt/play
mkdir /mnt/checkout
mount --bind "$checkout" /mnt/checkout
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for place in run tmp; do mount -t tmpfs tmpfs $place; done
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  : >dev/$name
  mount --bind /dev/$name dev/$name
done
mkdir dev/shm dev/pts opt/play opt/evenkeel
ln -s /proc/self/fd dev/fd
mount --bind /mnt/play opt/play
mount --bind /mnt/checkout opt/evenkeel
ip link set lo up
ip link add eth0 type veth peer name eth1
ip address add 10.99.0.1/24 dev eth0
ip link set eth0 up
ip link set eth1 up

units=etc/systemd/system
rm -rf $units/*.wants
mkdir -p etc/keepalived $units/keepalived.service.d
cp opt/play/keepalived.conf etc/keepalived/
ln -sf /opt/evenkeel/dist/bin/keepalived usr/sbin/keepalived
# There is no network to be online.
sed '/^After=/d; s/^Wants=.*/DefaultDependencies=no/' opt/evenkeel/src/bin/package/keepalived.service >$units/keepalived.service
printf '[Service]\nWatchdogSec=2\nTimeoutAbortSec=1\n' >$units/keepalived.service.d/impatient.conf
cat >$units/play.service <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /opt/play/play
StandardOutput=file:/opt/play/result
StandardError=file:/opt/play/result
UNIT
exec env -i container=play PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --system --unit=play.service \
  --show-status=no
