#!/bin/bash
# From a fresh Debian 12 machine (with Go, git and make) to a Debian guest that its user data has configured, reached by
# SSH and the AWS CLI. Running it again shows what is there and does what is missing. demo-down.sh takes it all back.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/demo-env.sh"
if [ "$(id -u)" -ne 0 ]; then echo "demo: needs root: it starts virtual machines and networks" >&2; exit 1; fi
cd "$root"

began=$EPOCHREALTIME
last=$began
current=
# step NAME: the step before is done, and NAME begins.
step() {
    finished
    current=$1
    printf '==> %s\n' "$current" >&2
}
finished() {
    local now=$EPOCHREALTIME
    if [ -n "$current" ]; then printf '    %.1f s, %.1f s in all\n' "$(sub "$now" "$last")" "$(sub "$now" "$began")" >&2; fi
    last=$now current=
}
sub() { awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'; }
fail() { echo "demo: $*" >&2; exit 1; }
trap 'if [ $? -ne 0 ] && [ -e "$state/mica.log" ]; then echo "demo: failed in: ${current:-the end}. The log: $state/mica.log; its last lines:" >&2; tail -n 15 "$state/mica.log" >&2; fi' EXIT

step "installing missing packages"
deploy/install-packages.sh
step "preparing the host"
deploy/host-up.sh
step "building mica"
make -s build

listen=(--region "$region" --zones a --listen "$https" --listen-http "$http" --public-pool "$pool")
install -d -m 711 "$state" "$state/data"
step "asking mica doctor"
"$mica" doctor --fix "${dirs[@]}" "${listen[@]}" > "$state/doctor.out" || { grep -A1 ^FAIL "$state/doctor.out" >&2; fail "this host cannot run guests"; }
grep -A1 ^WARN "$state/doctor.out" >&2 || true
install -d -m 700 "$state/aws"
if ! running "$state/mica.pid"; then
    step "starting mica up"
    setsid "$mica" up "${dirs[@]}" "${listen[@]}" \
        < /dev/null >> "$state/mica.log" 2>&1 9>&- &
    echo $! > "$state/mica.pid"
    for i in $(seq 300); do
        if curl -sf -m 2 -o /dev/null "http://$http/readyz"; then break; fi
        if ! running "$state/mica.pid"; then fail "mica up ended"; fi
        if [ "$i" -eq 300 ]; then fail "mica up is not ready after a minute"; fi
        sleep 0.2
    done
fi
"$mica" aws-config "${dirs[@]}" --profile mica --dir "$state/aws" 2>/dev/null

ami=$(aws ec2 describe-images --filters Name=name,Values=debian-12 --query 'Images[0].ImageId' --output text)
if [ "$ami" = None ]; then
    step "building a Debian image (kept in a cache for the next time)"
    image=$(deploy/cached-guest.sh debian)
    step "importing it"
    "$mica" image import "$image" --name debian-12 "${dirs[@]}" >&2
    ami=$(aws ec2 describe-images --filters Name=name,Values=debian-12 --query 'Images[0].ImageId' --output text)
fi

key=$state/demo.pem
if ! [ -s "$key" ] || [ "$(aws ec2 describe-key-pairs --filters Name=key-name,Values=demo --query 'length(KeyPairs)')" = 0 ]; then
    step "making a key pair"
    aws ec2 delete-key-pair --key-name demo > /dev/null
    rm -f "$key"
    (umask 077 && aws ec2 create-key-pair --key-name demo --key-type ed25519 --query KeyMaterial --output text > "$key")
fi

group=$(aws ec2 describe-security-groups --filters Name=group-name,Values=demo-ssh --query 'SecurityGroups[0].GroupId' --output text)
if [ "$group" = None ]; then
    step "making a security group that allows SSH"
    group=$(aws ec2 create-security-group --group-name demo-ssh --description "SSH from anywhere" --query GroupId --output text)
    aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 22 --cidr 0.0.0.0/0 > /dev/null
fi

find_instance() {
    aws ec2 describe-instances --filters Name=tag:Name,Values=demo Name=instance-state-name,Values=pending,running \
        --query 'Reservations[0].Instances[0].InstanceId' --output text
}
id=$(find_instance)
if [ "$id" = None ]; then
    step "running an instance"
    cat > "$state/user-data" <<'USERDATA'
#!/bin/sh
echo "Hello from $(hostname): this file was written by user data." > /etc/motd
echo "MICA-DEMO: user data ran on $(hostname)" > /dev/console
USERDATA
    id=$(aws ec2 run-instances --image-id "$ami" --instance-type t3.micro --key-name demo --security-group-ids "$group" \
        --user-data "file://$state/user-data" --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=demo}]' \
        --query 'Instances[0].InstanceId' --output text)
    step "waiting until $id runs"
    aws ec2 wait instance-running --instance-ids "$id"
fi

console() { aws ec2 get-console-output --instance-id "$id" --latest --query Output --output text; }
step "waiting for the end of cloud-init (a minute or two without KVM)"
deadline=$((SECONDS + ${MICA_DEMO_WAIT:-600}))
until console | grep -aE 'Cloud-init v\. .* finished|cloud-init.* finished at' > /dev/null; do # not -q: the writer's end would break the pipe
    if [ "$SECONDS" -gt "$deadline" ]; then console | tail -n 30 >&2; fail "cloud-init has not finished; more with: bin/mica explain instance $id ${dirs[*]}"; fi
    sleep 1
done
step "reaching it by SSH"
address=$(aws ec2 describe-instances --instance-ids "$id" --query 'Reservations[0].Instances[0].PublicIpAddress' --output text)
ssh_options=(-i "$key" -o StrictHostKeyChecking=no -o "UserKnownHostsFile=$state/known_hosts" -o LogLevel=ERROR -o ConnectTimeout=10)
ssh "${ssh_options[@]}" "debian@$address" 'echo "$(hostname) says: $(cat /etc/motd)"' < /dev/null >&2
finished

echo "--- the last lines of the console of $id"
console | tail -n 12 | cut -c1-150
cat <<TEXT
--- $id runs at $address. To go on:

  ssh -i $key -o UserKnownHostsFile=$state/known_hosts debian@$address
  $mica console $id ${dirs[*]}
  $mica explain instance $id ${dirs[*]}

  export AWS_CONFIG_FILE=$AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE=$AWS_SHARED_CREDENTIALS_FILE AWS_PROFILE=mica
  aws --endpoint-url https://$https ec2 describe-instances --output table     # an AWS CLI from 2.13 on needs no --endpoint-url

  make demo-down        # leaves the host as it was
TEXT
