#!/bin/bash
# Prints the path of a test guest's image, building it first unless the cache holds the one that these scripts make.
#
#   deploy/cached-guest.sh tiny|debian
#
# The cache is $MICA_CACHE or ~/.cache/mica: NAME.qcow2 with NAME.key beside it, the hash of what the image is made from.
# Any number of callers may ask at once: one builds, the others wait.
set -euo pipefail
name=${1:?usage: cached-guest.sh tiny|debian}
here=$(dirname "$(readlink -f "$0")")
cache=${MICA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mica}
case $name in
    tiny) sources=("$here/build-tiny-guest.sh" "$here"/tiny-guest/*) ;;
    debian) sources=("$here/build-debian-image.sh") ;;
    *) echo "cached-guest: no guest is named $name" >&2; exit 2 ;;
esac
mkdir -p "$cache"
key=$({ cat "${sources[@]}"; . /etc/os-release; echo "${VERSION_CODENAME:-}"; } | sha256sum | cut -d' ' -f1)
image=$cache/$name.qcow2
current() { [ -s "$image" ] && [ "$(cat "$cache/$name.key" 2>/dev/null)" = "$key" ]; }

if ! current; then
    # Only this shell holds the lock: what it starts must not, or a leftover of a build would block the next.
    exec 8> "$cache/$name.lock"
    flock 8
    if ! current; then
        # What a killed build left (its own clean-up never ran) goes before the new one.
        for left in "$image".build.*; do
            umount "$left/mnt" 2>/dev/null || true
            rm -rf --one-file-system "$left"
        done
        case $name in
            tiny) "$here/build-tiny-guest.sh" "$image" ;;
            debian) "$here/build-debian-image.sh" "$image" ;;
        esac >&2 8>&-
        echo "$key" > "$cache/$name.key.new"
        mv "$cache/$name.key.new" "$cache/$name.key"
    fi
    exec 8>&-
fi
echo "$image"
