#!/bin/sh
# Runs mmprobe in another environment on this machine.
set -eu
here=$(dirname "$0")
usage="usage: environment.sh NAME MMPROBE [ARGUMENT...]       (without arguments: --all)
  valgrind       under valgrind's memcheck
  proot          under proot, which traces each system call
  bwrap          in a sandbox with nothing but the program, /proc, and a tmpfs as /tmp: no /dev
  nobody         as user and group 65534                              (as root)
  userns         as root of a user namespace with no other user       (as root)
  one-cpu        on one processor
  noaslr         without random addresses
  read-implies-exec
  mdwe           memory never writable and executable, nor made executable (Linux 6.3)
  huge-pages     with 8 huge pages in the pool for as long as it runs (as root)
  address-space  with 64 MiB of address space
  memory-cgroup  with 32 MiB of memory; memory_gone asks about that   (as root)
  few-files      with at most 5 descriptors: exit status 3 is expected"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
[ $# -ge 2 ] || show_usage
name=$1
program "$2"
shift 2
[ $# -gt 0 ] || set -- --all
begin
# A copy that any user may run.
cp "$mmprobe" "$work/mmprobe"
chmod 755 "$work/mmprobe"
mmprobe=$work/mmprobe
status=0
as_nobody() {
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

run() {
	timeout "$LIMIT" "$@" </dev/null || status=$?
}

case $name in
valgrind) need valgrind; run valgrind -q --vgdb=no --trace-children=yes --child-silent-after-fork=yes --log-file="$work/log.%p" "$mmprobe" "$@" ;;
proot) need proot; run proot -r / "$mmprobe" "$@" ;;
bwrap)
	need bubblewrap
	set -- "$mmprobe" "$@"
	for dir in /usr /lib /lib64 /lib32; do
		[ ! -e "$dir" ] || set -- --ro-bind "$dir" "$dir" "$@"
	done
	run bwrap --unshare-user --proc /proc --tmpfs /tmp --ro-bind "$work" "$work" "$@"
	;;
nobody) as_nobody "$mmprobe" "$@" ;;
userns) as_nobody unshare -r "$mmprobe" "$@" ;;
one-cpu) run taskset -c 0 "$mmprobe" "$@" ;;
noaslr) run setarch -R "$mmprobe" "$@" ;;
read-implies-exec) run setarch -X "$mmprobe" "$@" ;;
mdwe)
	need python3-minimal
	run python3 -c 'import ctypes, os, sys
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
    sys.exit(125)
os.execv(sys.argv[1], sys.argv[1:])' "$mmprobe" "$@"
	;;
huge-pages)
	pages=$(cat /proc/sys/vm/nr_hugepages)
	# shellcheck disable=SC2317 # called by common.sh
	give_back() { echo "$pages" >/proc/sys/vm/nr_hugepages; }
	undo=give_back
	echo $((pages + 8)) >/proc/sys/vm/nr_hugepages
	run "$mmprobe" "$@"
	;;
address-space) run prlimit --as=67108864 "$mmprobe" "$@" ;;
memory-cgroup)
	cgroup=$(findmnt -n -o TARGET -t cgroup -O memory | head -n 1)
	limit=memory.limit_in_bytes
	if [ -z "$cgroup" ]; then
		cgroup=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
		limit=memory.max
	fi
	cgroup=$cgroup/mmprobe.$$
	mkdir "$cgroup" || fail "no memory cgroup can be made"
	undo="rmdir $cgroup"
	echo 32M >"$cgroup/$limit" || fail "memory cannot be limited"
	# shellcheck disable=SC2016 # for the other shell
	run sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$mmprobe" "$@"
	;;
few-files) run prlimit --nofile=5 "$mmprobe" "$@" ;;
*) show_usage ;;
esac
exit "$status"
