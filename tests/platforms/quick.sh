#!/bin/sh
# Runs mmprobe on the platforms that take seconds, and says of each how it ended and whether that was to be expected. 0: all did
# as they should, or could not be set up here; 1: some did not.
set -eu
here=$(dirname "$0")
usage="usage: quick.sh MMPROBE [MMPROBE...]       (as root; the second and further builds run on the file systems only)"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
[ $# -ge 1 ] || show_usage
begin
failed=0

# expect STATUS SCRIPT ARGUMENT...: 0 where nothing may differ, 1 where something does and is to be told.
expect() {
	expected=$1 script=$2
	shift 2
	status=0
	sh "$here/$script" "$@" >"$work/report" 2>"$work/errors" || status=$?
	word=as\ expected
	case $status in
	"$expected") ;;
	125) word="not here: $(tail -n 1 "$work/errors")" ;;
	*) word="FAILED: exit status $status, not $expected" failed=1 ;;
	esac
	printf '%-44s %s\n' "$script $*" "$word"
	grep -E '^[0-9]+ cases of ' "$work/report" | sed 's/^/    /' || :
	case $word in
	FAILED*)
		cat "$work/errors"
		sh "$here/$script" "$@" --all -q 2>&1 | head -n 20
		;;
	esac
}

for mmprobe; do
	for fs in ext4 tmpfs xfs btrfs overlay; do
		expect 0 fs.sh "$fs" "$mmprobe"
	done
done
for fs in ext2 ext4-1k ext4-noexec; do
	expect 0 fs.sh "$fs" "$1"
done
expect 1 fs.sh mergerfs "$1"
expect 1 fs.sh mergerfs-direct "$1"
for name in nobody userns one-cpu noaslr read-implies-exec bwrap; do
	expect 0 environment.sh "$name" "$1"
done
expect 0 environment.sh memory-cgroup "$1" memory_gone
expect 1 environment.sh mdwe "$1"
expect 1 environment.sh valgrind "$1"
expect 1 gvisor.sh "$1"
exit "$failed"
