#!/bin/bash
# Boots the prepared kernel without a network and runs a shell script in it, on this machine's own files, read-only.
# usage: vm.sh CACHE SCRIPT      exits with the script's code; 124 when it does not end in time
set -euo pipefail
cache=$1
script=$2
timeLimit=${GPIO_TIME_LIMIT:-480}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$script" "$work/command"
install -m 755 "$(dirname "$0")/first.sh" "$work/init"
# The kernel unpacks archives that follow one another.
{ cat "$cache/initrd.gz"; (cd "$work" && printf '%s\n' command init | cpio -o -H newc --quiet | gzip); } > "$work/initrd"

code=0
# A loaded host is too slow for the kernel's check of its timer, and the guest would not boot.
timeout --foreground "$timeLimit" qemu-system-x86_64 -M q35 -accel tcg -cpu max -smp 1 -m 1024 \
  -nodefaults -no-user-config -display none -no-reboot -nic none -serial stdio \
  -device isa-debug-exit,iobase=0xf4,iosize=1 \
  -fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
  -device virtio-9p-pci,fsdev=root,mount_tag=host \
  -kernel "$cache/vmlinuz" -initrd "$work/initrd" -append "console=ttyS0 quiet panic=-1 no_timer_check" < /dev/null || code=$?
[ "$code" -eq 124 ] && exit 124
[ $((code % 2)) -eq 1 ] || { echo "the guest did not say how it ended (QEMU: $code)" >&2; exit 125; }
exit $(((code - 1) / 2))
