#!/bin/bash
# Takes back what host-up.sh noted that it changed: the daemons it started (unless guests still run), the group of
# /dev/kvm, and forwarding. Kernel modules stay loaded.
set -euo pipefail
if [ "$(id -u)" -ne 0 ]; then echo "host-down: needs root" >&2; exit 1; fi
notes=/run/mica-host
if ! [ -d "$notes" ]; then exit 0; fi
exec 9> "$notes/lock"
flock 9

# end NAME stops a daemon that we started, if it is still that very one.
end() {
    local pid
    pid=$(cat "$notes/$1.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ]; then
        kill "$pid"
        for _ in $(seq 100); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
    fi
    rm -f "$notes/$1.pid"
}

if [ -e "$notes/libvirtd.pid" ] && [ -n "$(timeout 30 virsh -q -c qemu:///system list --name 2>/dev/null)" ]; then
    echo "host-down: guests still run, so libvirtd stays: virsh -c qemu:///system list" >&2
    exit 0
fi
end libvirtd
end virtlogd
if [ -s "$notes/kvm" ]; then
    read -r group mode < "$notes/kvm"
    chgrp "$group" /dev/kvm && chmod "$mode" /dev/kvm
fi
if [ -s "$notes/ip_forward" ]; then cat "$notes/ip_forward" > /proc/sys/net/ipv4/ip_forward; fi
rm -rf "$notes"
