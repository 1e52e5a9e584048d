#!/bin/bash
# Makes this host ready to run guests: kernel modules, sysctls, the group of /dev/kvm, virtlogd and libvirtd. Changes only
# what is missing, and notes it under /run/mica-host, so that host-down.sh can take it back. Running it twice is fine.
set -euo pipefail
if [ "$(id -u)" -ne 0 ]; then echo "host-up: needs root" >&2; exit 1; fi
notes=/run/mica-host
mkdir -p "$notes"
exec 9> "$notes/lock"
flock 9

# What a kernel has built in, modprobe does not find and we do not miss; mica doctor looks at what works in the end.
for m in tun br_netfilter bridge vxlan veth ip_set ip_set_hash_ip ip_set_hash_net xt_set nf_conntrack nf_nat ebtables arp_tables; do
    modprobe -q "$m" 2>/dev/null || true
done
if [ -e /proc/sys/net/ipv4/ip_forward ] && [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]; then
    echo 1 > /proc/sys/net/ipv4/ip_forward
    echo 0 > "$notes/ip_forward"
fi

# libvirt asks QEMU for its abilities as QEMU's own user. When that user may not open /dev/kvm, every start of a guest
# asks again, for about a minute.
if [ -c /dev/kvm ] && getent group kvm >/dev/null && [ "$(stat -c %G:%a /dev/kvm)" != kvm:660 ] && [ "$(stat -c %a /dev/kvm)" != 666 ]; then
    stat -c '%g %a' /dev/kvm > "$notes/kvm"
    chgrp kvm /dev/kvm
    chmod 660 /dev/kvm
fi

answers() { timeout 90 virsh -q -c qemu:///system version >/dev/null 2>&1; }

# daemon NAME starts a daemon that nobody runs, and notes its pid.
daemon() {
    if [ -s "/run/$1.pid" ] && [ "$(cat "/proc/$(cat "/run/$1.pid")/comm" 2>/dev/null)" = "$1" ]; then return; fi
    if pgrep -x "$1" >/dev/null; then return; fi
    "$1" -d 9>&-
    for _ in $(seq 50); do
        if [ -s "/run/$1.pid" ]; then cp "/run/$1.pid" "$notes/$1.pid"; return; fi
        sleep 0.1
    done
    echo "host-up: $1 does not start; try: $1 -v" >&2
    exit 1
}

if ! answers; then
    if [ -d /run/systemd/system ]; then
        systemctl start virtlogd.socket libvirtd.socket libvirtd.service
    else
        daemon virtlogd
        daemon libvirtd
    fi
    for i in $(seq 100); do
        if answers; then break; fi
        if [ "$i" -eq 100 ]; then echo "host-up: libvirtd does not answer; try: virsh -c qemu:///system version" >&2; exit 1; fi
        sleep 0.2
    done
fi
