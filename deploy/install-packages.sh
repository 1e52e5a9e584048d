#!/bin/bash
# Installs what is missing of deploy/packages.txt, asking nothing. Touches the network only when something is missing.
#
#   deploy/install-packages.sh [-n]      -n: only print what is missing
set -euo pipefail
list=$(dirname "$(readlink -f "$0")")/packages.txt

wanted() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$list"; }

installed() { dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p'; }

if ! command -v dpkg-query >/dev/null; then
    echo "install-packages: this is not a Debian system; install the equivalents of $list by hand" >&2
    exit 1
fi
mapfile -t missing < <(comm -23 <(wanted | sort -u) <(installed | sort -u))
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "${1:-}" = -n ]; then printf '%s\n' "${missing[@]}"; exit 0; fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-packages: missing: ${missing[*]}; run as root to install them" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
install() {
    apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}"
}
echo "install-packages: installing ${missing[*]}" >&2
# Index files that are there but old name versions that are gone from the mirror: then update and try once more.
known=$(apt-cache policy -- "${missing[@]}" 2>/dev/null | grep -c 'Candidate: [^(]' || true)
if [ "$known" -eq ${#missing[@]} ] && install; then exit 0; fi
apt-get update -q -o DPkg::Lock::Timeout=300
install
