#!/bin/bash
# Takes back all that demo.sh made on this host: guests, networks, processes, state. The cache of images stays
# (~/.cache/mica), and so do installed packages.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/demo-env.sh"
if [ "$(id -u)" -ne 0 ]; then echo "demo-down: needs root" >&2; exit 1; fi
if ! [ -e "$state" ] && ! [ -e "$run" ]; then
    "$root/deploy/host-down.sh"
    exit 0
fi
if running "$state/mica.pid"; then
    pid=$(cat "$state/mica.pid")
    kill "$pid"
    for i in $(seq 300); do
        if ! running "$state/mica.pid"; then break; fi
        if [ "$i" -eq 300 ]; then echo "demo-down: mica does not stop, so it is killed" >&2; kill -9 "$pid"; fi
        sleep 0.1
    done
fi
if ! [ -x "$mica" ]; then make -s -C "$root" build; fi
# Without libvirtd its guests could not be found.
"$root/deploy/host-up.sh"
"$mica" down "${dirs[@]}"
rm -rf --one-file-system "$state" "$run"
rm -f "/var/log/libvirt/qemu/$prefix"-i-*.log # libvirt keeps them for guests that are gone
"$root/deploy/host-down.sh"
