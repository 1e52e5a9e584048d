#!/bin/bash
# Packs a built mica into a Debian package and beside it the bare binary.
#
#   deploy/build-deb.sh BINARY OUTDIR VERSION
set -euo pipefail
binary=$(readlink -f "${1:?usage: build-deb.sh BINARY OUTDIR VERSION}")
out=${2:?usage: build-deb.sh BINARY OUTDIR VERSION}
version=${3:?usage: build-deb.sh BINARY OUTDIR VERSION}
here=$(dirname "$(readlink -f "$0")")
mkdir -p "$out"
out=$(readlink -f "$out")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# A Debian version starts with a digit, and has no dash but before its revision.
version=${version#v}
case $version in [0-9]*.*) ;; *) version=0~git.$version ;; esac
version=${version//-/+}
arch=$(dpkg --print-architecture)

# The same source gives the same package.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}
umask 022
install -D -m 755 "$binary" "$tree/usr/bin/mica"
install -D -m 644 "$here/systemd/mica.service" "$tree/lib/systemd/system/mica.service"
install -D -m 644 "$here/debian/modules.conf" "$tree/usr/lib/modules-load.d/mica.conf"
install -D -m 644 "$here/debian/sysctl.conf" "$tree/usr/lib/sysctl.d/60-mica.conf"
install -D -m 644 "$here/debian/mica.yaml" "$tree/etc/mica/mica.yaml"
install -D -m 644 "$here/../LICENSE" "$tree/usr/share/doc/mica/copyright"
if [ -e "$here/../NOTICE" ]; then install -D -m 644 "$here/../NOTICE" "$tree/usr/share/doc/mica/NOTICE"; fi
install -D -m 644 "$here/../README.md" "$tree/usr/share/doc/mica/README.md"
for shell in bash zsh fish; do
    case $shell in
        bash) to=usr/share/bash-completion/completions/mica ;;
        zsh) to=usr/share/zsh/vendor-completions/_mica ;;
        fish) to=usr/share/fish/vendor_completions.d/mica.fish ;;
    esac
    mkdir -p "$(dirname "$tree/$to")"
    "$binary" completion "$shell" > "$tree/$to"
done
install -d "$tree/DEBIAN"
install -m 755 "$here/debian/postinst" "$here/debian/prerm" "$here/debian/postrm" "$tree/DEBIAN/"
echo /etc/mica/mica.yaml > "$tree/DEBIAN/conffiles"
(cd "$tree" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
cat > "$tree/DEBIAN/control" <<CONTROL
Package: mica
Version: $version
Architecture: $arch
Maintainer: Mica maintainers <mica@micacloud.invalid>
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Section: admin
Priority: optional
Homepage: https://github.com/micacloud/mica
Depends: qemu-system-x86, qemu-utils, libvirt-daemon-system, libvirt-daemon-driver-qemu, libvirt-clients, iproute2, iptables, ebtables, arptables, ipset, conntrack, kmod, util-linux
Recommends: mmdebstrap, extlinux, syslinux-common, parted, e2fsprogs, mount
Suggests: awscli
Description: small EC2 for people who own Linux hosts
 Mica speaks EC2's API and boots real QEMU/KVM guests behind it, in VPCs with
 security groups, with a metadata service for the guests' own cloud-init. The
 AWS CLI, SDKs, Terraform, Packer and Ansible are its clients, unmodified.
CONTROL
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/mica_${version}_$arch.deb" >&2
install -m 755 "$binary" "$out/mica-linux-$arch"
(cd "$out" && sha256sum "mica_${version}_$arch.deb" "mica-linux-$arch" > SHA256SUMS)
