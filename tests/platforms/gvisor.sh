#!/bin/sh
# Runs mmprobe in gVisor, a kernel of its own that answers the system calls of Linux. /tmp there is gVisor's own.
set -eu
here=$(dirname "$0")
usage="usage: gvisor.sh MMPROBE [ARGUMENT...]       (as root; without arguments: --all)"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
[ $# -ge 1 ] || show_usage
program "$1"
shift
[ $# -gt 0 ] || set -- --all
[ "$(id -u)" -eq 0 ] || fail "runsc is to be run as root"
begin
need runsc
status=0
timeout "$LIMIT" runsc --root "$work/state" --ignore-cgroups --platform=ptrace --network=none \
	"do" "$mmprobe" "$@" </dev/null || status=$?
exit "$status"
