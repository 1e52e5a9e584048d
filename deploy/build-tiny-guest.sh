#!/bin/bash
# Builds the tiny guest: a qcow2 disk that boots like any image (SeaBIOS, extlinux) with Debian's cloud kernel and a
# busybox initramfs, in seconds even under TCG. For tests: it speaks DHCP and IMDSv2, runs `#!` user data, answers on
# TCP, powers off on ACPI, and says what it does on ttyS0 in lines that start with "MICA-TINY: ".
#
#   deploy/build-tiny-guest.sh OUT.qcow2       as root; needs what deploy/packages.txt lists
#
# The kernel is the machine's own when linux-image-cloud-amd64 is installed, else the package is downloaded (not
# installed) from the machine's own apt sources.
set -euo pipefail
out=${1:?usage: build-tiny-guest.sh OUT.qcow2}
here=$(dirname "$(readlink -f "$0")")
if [ "$(id -u)" -ne 0 ]; then echo "build-tiny-guest: needs root (loop devices)" >&2; exit 1; fi
mkdir -p "$(dirname "$out")"
out=$(readlink -f "$(dirname "$out")")/$(basename "$out")
work=$(mktemp -d "$out.build.XXXXXX")
loop=
cleanup() {
    trap '' INT TERM HUP # once begun it ends, however often it is told to
    umount "$work/mnt" 2>/dev/null || true
    if [ -n "$loop" ]; then losetup -d "$loop" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$work"

# find_kernel sets $vmlinuz and $modules.
find_kernel() {
    local version package
    version=$(find /boot -maxdepth 1 -name 'vmlinuz-*-cloud-amd64' -printf '%f\n' 2>/dev/null | sort -V | tail -1)
    version=${version#vmlinuz-}
    if [ -n "$version" ] && [ -d "/lib/modules/$version/kernel" ]; then
        vmlinuz=/boot/vmlinuz-$version modules=/lib/modules/$version
        return
    fi
    package=$(cloud_kernel_package)
    if [ -z "$package" ]; then apt-get update -q >&2; package=$(cloud_kernel_package); fi
    if [ -z "$package" ]; then echo "build-tiny-guest: apt knows no linux-image-cloud-amd64" >&2; exit 1; fi
    (apt-get download -q "$package" || { apt-get update -q && apt-get download -q "$(cloud_kernel_package)"; }) >&2
    dpkg-deb -x ./linux-image-*.deb kernel
    vmlinuz=$(echo kernel/boot/vmlinuz-*) modules=$(echo kernel/lib/modules/*)
    [ -d "$modules" ] || modules=$(echo kernel/usr/lib/modules/*)
}

cloud_kernel_package() {
    apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -1
}

# add_module NAME copies a module after the modules that it needs, and notes the order for insmod. A module that the
# kernel has built in is no file and is passed over.
add_module() {
    local file name=$1 need
    file=$(find "$modules/kernel" -name "$name.ko*" -o -name "${name//_/-}.ko*" | head -1)
    if [ -z "$file" ] || grep -qx "$name" order; then return 0; fi
    case $file in
        *.xz) xz -dc "$file" ;; *.zst) zstd -qdc "$file" ;; *.gz) gzip -dc "$file" ;; *) cat "$file" ;;
    esac > "root/modules/$name.ko"
    for need in $(modinfo -F depends "root/modules/$name.ko" | tr ',' ' '); do add_module "${need//-/_}"; done
    grep -qx "$name" order || echo "$name" >> order
}

find_kernel
mkdir -p root/{bin,dev,proc,sys,tmp,run,etc,modules,www,disk,root}
cp /bin/busybox root/bin/busybox
ln -s busybox root/bin/sh
install -m 755 "$here/tiny-guest/init" root/init
install -m 755 "$here/tiny-guest/udhcpc" "$here/tiny-guest/hotplug" root/etc/
: > order
for m in virtio_pci virtio_blk virtio_scsi virtio_net virtio_rng virtio_balloon virtio_console button evdev af_packet \
    pvpanic_mmio pvpanic_pci; do # a panic is to be seen from outside
    add_module "$m"
done
mv order root/modules/order
(cd root && find . | cpio -o -H newc --quiet) > initrd

truncate -s 64M disk.raw
parted -s disk.raw mklabel msdos mkpart primary ext4 1MiB 100% set 1 boot on
loop=$(losetup --find --show --offset 1048576 disk.raw)
# extlinux cannot read the newer ext4 features.
mkfs.ext4 -q -L tiny -O ^64bit,^metadata_csum,^has_journal "$loop"
mkdir mnt
mount "$loop" mnt
mkdir -p mnt/boot/syslinux
cp "$vmlinuz" mnt/boot/vmlinuz
cp initrd mnt/boot/initrd
cat > mnt/boot/syslinux/syslinux.cfg <<'CFG'
default linux
prompt 0
timeout 0
label linux
 kernel /boot/vmlinuz
 initrd /boot/initrd
 append console=ttyS0,115200n8 quiet loglevel=3 net.ifnames=0 mitigations=off random.trust_cpu=on panic=-1 tsc=reliable no_timer_check i8042.noaux ipv6.disable=1
CFG
extlinux --install mnt/boot/syslinux >/dev/null 2>&1
umount mnt
losetup -d "$loop"
loop=
dd if=/usr/lib/EXTLINUX/mbr.bin of=disk.raw conv=notrunc bs=440 count=1 status=none
qemu-img convert -f raw -O qcow2 disk.raw disk.qcow2
chmod 644 disk.qcow2
sync disk.qcow2
mv disk.qcow2 "$out"
