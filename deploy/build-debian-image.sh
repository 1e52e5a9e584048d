#!/bin/bash
# Builds a bootable Debian cloud image (qcow2, about 200 MB) with unmodified cloud-init, for SeaBIOS through extlinux.
#
#   deploy/build-debian-image.sh OUT.qcow2 [SUITE]      as root on Debian; needs what deploy/packages.txt lists
#
# The mirror is the machine's own: what apt already uses for Debian, other sources left aside. The result appears
# under its name only when it is complete. SUITE defaults to the machine's own release.
set -euo pipefail
out=${1:?usage: build-debian-image.sh OUT.qcow2 [SUITE]}
own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
suite=${2:-$own}
size=${MICA_IMAGE_SIZE:-2G}
if [ "$(id -u)" -ne 0 ]; then echo "build-debian-image: needs root (mounts, loop devices)" >&2; exit 1; fi
if [ -z "$suite" ]; then echo "build-debian-image: which release? give it as the second argument" >&2; exit 1; fi
mkdir -p "$(dirname "$out")"
out=$(readlink -f "$(dirname "$out")")/$(basename "$out")
work=$(mktemp -d "$out.build.XXXXXX")
loop=
cleanup() {
    trap '' INT TERM HUP # once begun it ends, however often it is told to
    umount "$work/mnt" 2>/dev/null || umount -l "$work/mnt" 2>/dev/null || true
    if [ -n "$loop" ]; then losetup -d "$loop" 2>/dev/null || true; fi
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$work"
say() { echo "build-debian-image: $*" >&2; }

# debian_sources prints one-line sources for $suite and its updates, from the indexes that apt has of Debian itself.
debian_sources() {
    local signed=/usr/share/keyrings/debian-archive-keyring.gpg option=
    if [ -e "$signed" ]; then option="[signed-by=$signed] "; fi
    apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
        awk -F'|' -v suite="$suite" -v own="$own" -v option="$option" '
            $1 == "Debian" && $4 == "main" {
                if (own != "" && index($3, own) == 1) $3 = suite substr($3, length(own) + 1)
                if ($3 == suite || $3 == suite "-updates" || $3 == suite "-security") print "deb " option $2 " " $3 " main"
            }' | sort -u
}

# apt_options prints, as mmdebstrap takes them, the machine's own settings of how to reach its mirror.
apt_options() {
    apt-config dump --no-empty --format '%F "%v";%n' Acquire |
        grep -Ei '^Acquire::(https?::|Check-Valid-Until |Check-Date |Retries |ForceIPv)' | sed 's/^/--aptopt=/'
}

debian_sources > sources.list
if ! [ -s sources.list ]; then apt-get update -q >&2; debian_sources > sources.list; fi
if ! [ -s sources.list ]; then say "apt has no Debian source for $suite on this machine"; exit 1; fi
mapfile -t options < <(apt_options)

packages=linux-image-cloud-amd64,systemd-sysv,udev,dbus,libpam-systemd,cloud-init,openssh-server,sudo
packages+=,ifupdown,isc-dhcp-client,iproute2,netbase,ca-certificates,curl,cloud-guest-utils,e2fsprogs,locales

# cloud-init sets this locale when nothing else is asked for, and finds it done: generating one takes long under emulation.
cat > set-locale <<'LOCALE'
set -e
echo 'en_US.UTF-8 UTF-8' > "$1/etc/locale.gen"
chroot "$1" locale-gen > /dev/null
chroot "$1" update-locale LANG=en_US.UTF-8
LOCALE
say "installing $suite into a tree"
mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    "${options[@]}" --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-include=/usr/share/locale/locale.alias' \
    --customize-hook='sh ./set-locale "$1"' \
    --include="$packages" "$suite" rootfs.tar sources.list

truncate -s "$size" disk.raw
parted -s disk.raw mklabel msdos mkpart primary ext4 1MiB 100% set 1 boot on
loop=$(losetup --find --show --offset 1048576 disk.raw)
# extlinux cannot read the newer ext4 features.
mkfs.ext4 -q -L rootfs -O ^64bit,^metadata_csum "$loop"
mkdir mnt
mount "$loop" mnt
tar -C mnt --numeric-owner -xf rootfs.tar
rm rootfs.tar
version=$(find mnt/boot -name 'vmlinuz-*' -printf '%f\n' | sort -V | tail -1)
version=${version#vmlinuz-}

say "making it boot Linux $version"
mkdir -p mnt/boot/syslinux
cat > mnt/boot/syslinux/syslinux.cfg <<CFG
default linux
prompt 0
timeout 0
label linux
 kernel /boot/vmlinuz-$version
 initrd /boot/initrd.img-$version
 append root=LABEL=rootfs ro console=tty0 console=ttyS0,115200n8 net.ifnames=0
CFG
extlinux --install mnt/boot/syslinux >/dev/null 2>&1
echo 'LABEL=rootfs / ext4 defaults,errors=remount-ro 0 1' > mnt/etc/fstab
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' > mnt/etc/hosts
# An image holds no identity and no secret: each guest makes its own at first boot. Nor does it name the builder's mirror proxy.
: > mnt/etc/machine-id
rm -f mnt/etc/ssh/ssh_host_* mnt/etc/hostname mnt/var/lib/dbus/machine-id mnt/etc/apt/apt.conf.d/99mmdebstrap mnt/etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -rf mnt/var/lib/apt/lists/* mnt/var/cache/apt/*.bin mnt/var/log/*.log mnt/tmp/*
umount mnt
losetup -d "$loop"
loop=
dd if=/usr/lib/EXTLINUX/mbr.bin of=disk.raw conv=notrunc bs=440 count=1 status=none
say "packing"
qemu-img convert -f raw -c -O qcow2 disk.raw disk.qcow2
chmod 644 disk.qcow2
sync disk.qcow2
mv disk.qcow2 "$out"
say "built $out"
