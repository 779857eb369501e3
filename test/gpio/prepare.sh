#!/bin/bash
# Makes what the GPIO test boots: a stock Debian kernel and a first file system with the gpio-sim module in it.
# The module is GPL and built here from Debian's source package; it never enters the repository.
# usage: prepare.sh CACHE      leaves CACHE/vmlinuz and CACHE/initrd.gz; does nothing when they are there
set -euo pipefail
series=6.12
mkdir -p "$1"
cache=$(cd "$1" && pwd)
[ -f "$cache/vmlinuz" ] && [ -f "$cache/initrd.gz" ] && exit 0

work=$(mktemp -d "$cache/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work"/{debs,tree,module,first}
depends() { apt-cache depends "$1" | sed -n "s/^ *|\?Depends: //p"; }

release=$(depends "linux-image-$series-amd64" | sed -n 's/^linux-image-//p' | head -1)
headers=linux-headers-$release
common=$(depends "$headers" | grep -- '-common$')
tools=$(depends "$headers" | grep '^linux-kbuild-')
cd "$work/debs"
apt-get download -q "linux-image-$release" "$headers" "$common" "$tools" "linux-source-$series"
for package in ./*.deb; do dpkg-deb -x "$package" "$work/tree"; done
tree=$work/tree

# The headers name each other by absolute paths.
sed -i "s#/usr/src/#$tree/usr/src/#; s#/usr/lib/#$tree/usr/lib/#" "$tree/usr/src/$headers/Makefile" "$tree/usr/src/$common/Makefile"
source=$tree/usr/src/linux-source-$series.tar.xz
tar -xJf "$source" -C "$work/module" --transform 's#.*/##;s#^gpio-sim.c$#chip.c#' \
  "linux-source-$series/drivers/gpio/gpio-sim.c" "linux-source-$series/drivers/gpio/gpiolib.h" "linux-source-$series/kernel/irq/irq_sim.c"
cd "$work/module"
# Debian's kernel has no irq_sim, and what it calls is not exported; the exported calls give the same descriptor.
sed -i 's/irq_to_desc(\([a-z]*\))/irq_data_to_desc(irq_get_irq_data(\1))/' irq_sim.c
printf '%s\n' 'obj-m := gpio-sim.o' 'gpio-sim-y := chip.o irq_sim.o' 'ccflags-y += -I$(src)' > Kbuild
make -s -C "$tree/usr/src/$headers" M="$PWD" CONFIG_DEBUG_INFO_BTF_MODULES= modules

first=$work/first
mkdir "$first"/{bin,modules,root,proc,sys,dev}
cp "$(command -v busybox)" "$first/bin/"
depmod -b "$tree" "$release"
# The guest loads them in the order of their numbers: each after what it needs.
for module in virtio_pci 9pnet_virtio 9p configfs; do
  modprobe -d "$tree" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r file; do
    name=$(basename "$file" .xz)
    ls "$first"/modules/*-"$name" > /dev/null 2>&1 && continue
    xz -dcf "$file" > "$first/modules/$(printf %03d "$(ls "$first/modules" | wc -l)")-$name"
  done
done
cp gpio-sim.ko "$first/modules/900-gpio-sim.ko"
strip -g "$first"/modules/*.ko
(cd "$first" && find . | cpio -o -H newc --quiet | gzip) > "$work/initrd.gz"
mv "$work/initrd.gz" "$cache/initrd.gz"
cp "$tree/boot/vmlinuz-$release" "$cache/vmlinuz"
