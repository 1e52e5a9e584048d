# What demo.sh and demo-down.sh agree on; sourced by both.
# shellcheck shell=bash
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
state=${MICA_DEMO_DIR:-/var/lib/mica-demo}
run=${MICA_DEMO_RUN:-/run/mica-demo}
region=${MICA_DEMO_REGION:-eu-central-1}
https=${MICA_DEMO_HTTPS:-127.0.0.1:8443}
http=${MICA_DEMO_HTTP:-127.0.0.1:8080}
pool=${MICA_DEMO_POOL:-100.127.0.0/24}
mica=$root/bin/mica
prefix=${MICA_DEMO_PREFIX:-mica}
dirs=(--data-dir "$state/data" --run-dir "$run" --name-prefix "$prefix")
# The demo's own AWS configuration: the operator's ~/.aws is left alone.
export AWS_CONFIG_FILE=$state/aws/config AWS_SHARED_CREDENTIALS_FILE=$state/aws/credentials AWS_PROFILE=mica
export AWS_PAGER= AWS_MAX_ATTEMPTS=2
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_CA_BUNDLE

# The CLI that Debian 12 has (2.9) does not know endpoint_url in a profile yet.
aws() { command aws --endpoint-url "https://$https" "$@"; }

# running PID_FILE: the process that demo.sh started is still that one.
running() {
    local pid
    pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "--run-dir $run"
}
