#!/bin/sh
# The inside of test/support/machine.ts: this machine's own root under an overlay, with a systemd of its own as process 1.
# machine.sh FOLDER, in fresh pid, mount, uts, ipc, net and cgroup namespaces.
set -eu
folder=$1
root=$folder/root
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup" 2>/dev/null || true
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
# Not the real /dev: this systemd would open the machine's watchdog, and be killed with it running.
mount -t tmpfs tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
# Mounted here, so that systemd leaves it and the releases in it alone.
mount -t tmpfs tmpfs "$root/dev/shm"
mkdir -p "$root$folder/releases"
mount --bind "$folder/releases" "$root$folder/releases"
if [ ! -e "$root/etc/portcullis-test-machine" ]; then
  # Nothing of what else this machine runs.
  find "$root/etc/systemd/system" -mindepth 1 -maxdepth 1 -name '*.wants' -exec rm -rf {} +
  : >"$root/etc/fstab"
  : >"$root/etc/portcullis-test-machine"
fi
export container=portcullis-test
exec chroot "$root" /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal
