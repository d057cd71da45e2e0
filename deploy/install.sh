#!/usr/bin/env bash
# Builds the daemons and the program wecan and puts them on this machine, with systemd units; starts nothing, and leaves every configuration
# alone. Run it again to update. As root, from anywhere, with the .NET 10 SDK:
#
#   deploy/install.sh [relay] [edge] [controller] [cli]       (all, if none is named; cli is wecan, which inspects a network)
#
# DESTDIR=/some/folder puts everything beneath that folder instead, as packagers do; then no root is needed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dest=${DESTDIR:-}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

[[ $EUID == 0 || -n $dest ]] || fail "not root: run it with sudo, or set DESTDIR to a folder of yours"
command -v dotnet >/dev/null || fail "there is no dotnet: install the .NET 10 SDK"
daemons=("$@")
((${#daemons[@]} > 0)) || daemons=(relay edge controller cli)
for name in "${daemons[@]}"; do
    [[ $name =~ ^(relay|edge|controller|cli)$ ]] || fail "there is no $name: write relay, edge, controller or cli"
done

install -d "$dest/usr/bin" "$dest/usr/lib/wecan" "$dest/usr/lib/systemd/system" "$dest/usr/lib/sysusers.d" "$dest/usr/lib/sysctl.d" "$dest/etc/wecan"
for name in "${daemons[@]}"; do
    program=wecan-$name source=$name
    [[ $name != cli ]] || program=wecan source=tools/cli
    echo "building $program"
    # Into a new folder, and moved at the end: a daemon that runs, or starts meanwhile, never sees half of two versions.
    new="$dest/usr/lib/wecan/.$name.new"
    old="$dest/usr/lib/wecan/.$name.old"
    rm -rf "$new" "$old"
    dotnet publish "$root/$source" -c Release --nologo -v quiet -o "$new"
    [[ ! -e $dest/usr/lib/wecan/$name ]] || mv "$dest/usr/lib/wecan/$name" "$old"
    mv "$new" "$dest/usr/lib/wecan/$name"
    rm -rf "$old"
    ln -sfn "../lib/wecan/$name/$program" "$dest/usr/bin/$program"
    [[ $name != cli ]] || continue
    install -m 644 "$root/deploy/systemd/wecan-$name.service" "$dest/usr/lib/systemd/system/"
done
install -m 644 "$root/deploy/systemd/wecan.conf" "$dest/usr/lib/sysusers.d/"
install -m 644 "$root/deploy/systemd/60-wecan.conf" "$dest/usr/lib/sysctl.d/"

if [[ -z $dest && -d /run/systemd/system ]]; then
    systemd-sysusers
    sysctl -q --system || true
    systemctl daemon-reload
fi
installed=("${daemons[@]/#/wecan-}")
echo "Installed: ${installed[*]/wecan-cli/wecan}. Configure in /etc/wecan, then 'systemctl enable --now wecan-NAME'; docs/operations.md tells how."
