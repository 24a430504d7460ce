#!/bin/sh
# explain.sh MMPROBE
#
# What --explain tells of a probe, of an errno and of a signal; what it refuses; how it ends.
#
# Prints a line for each check that failed and at the end the counts. Exit status: 0 when none failed.
set -u

me=explain.sh

quit() {
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
}

[ $# -eq 1 ] || quit "usage: $me MMPROBE"
if [ ! -f "$1" ] || [ ! -x "$1" ]; then
	quit "$1 cannot be run"
fi
prog=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-explain.XXXXXX") || quit "no directory can be made in ${TMPDIR:-/tmp}"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit 2
mkdir tmp
TMPDIR=$work/tmp LC_ALL=C
export TMPDIR LC_ALL
# It reports for people also in the log of a workflow.
GITHUB_ACTIONS=true
export GITHUB_ACTIONS
unset NO_COLOR GITHUB_STEP_SUMMARY
passed=0 failed=0 status=0
linux=false
[ "$(uname -s)" != Linux ] || linux=true

verdict() {
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		shift
		printf 'FAILED %s\n' "$*"
		sed 's/^/    | /' out err | head -40
	fi
}

# explain STATUS WORD...: runs it; what it prints is in out and err.
explain() {
	want=$1
	shift
	what="--explain $*"
	"$prog" --explain "$@" >out 2>err
	status=$?
	[ "$status" -eq "$want" ]
	verdict $? "$what: exit status $status, not $want"
}

has() {
	grep -q -e "$1" out
	verdict $? "$what: no '$1'"
}

has_not() {
	! grep -q -e "$1" out
	verdict $? "$what: there is '$1'"
}

says() {
	grep -q -e "$1" err
	verdict $? "$what: no '$1' on standard error"
}

fits() {
	awk 'length > 80 { exit 1 }' out
	verdict $? "$what: a line is longer than 80 columns"
}

# The sections stand in this order, each once.
sections() {
	sed -n '/^The script$/p; /^What /p' out >got
	printf '%s\n' 'The script' 'What POSIX says' 'What known platforms do' 'What tutorials say' 'What happened here' \
		'What portable code makes of it' | cmp -s - got
	verdict $? "$what: the sections"
}

explain 0 offset 1000
sections
fits
has '^offset   a file offset that need not be a multiple of the page size$'
has '^  param off = 1000$'
has '^    POSIX.1-2001: if off % PAGE != 0: EINVAL (mmap: shall fail, EINVAL)$'
has '^      else if off % PAGE == 0: success$'
has '^      else: EINVAL or success (mmap: may fail, EINVAL)$'
has '^    macos, solaris, illumos, cygwin: if off % PAGE != 0: EINVAL (from source)$'
has 'portable code must be ready for: EINVAL or success'
has '(tutorials: a multiple of 4 KiB)$'

# The script is shown without its claims: they stand once, below it.
sed '/^What POSIX says$/,$d' out >script
if grep -q EINVAL script; then
	verdict 1 "$what: a claim in the script"
else
	verdict 0
fi

explain 0 length_zero
sections
has 'may be relied on: EINVAL$'
has 'in all 2 cases'

explain 0 offset PAGE
if $linux; then
	has 'may be relied on: success'
fi

# Where a claimed platform deviates, it is named, and what POSIX demands may not be relied on.
explain 0 mode
sections
fits
has '^    freebsd, netbsd, openbsd: if mode == O_WRONLY'
has 'which deviates from POSIX'
has 'if mode == O_WRONLY: POSIX demands: EACCES; be ready too for what deviates:'
has 'cases\]$'

# What the editions say, when one is asked for.
explain 0 offset 1000 --posix=2001
has 'if off % PAGE != 0: POSIX demands: EINVAL; be ready too for'

# The explanation goes where the report goes, and what was seen can be kept.
explain 0 offset 1000 -o report --save saved
if grep -q '^What happened here$' report && [ ! -s out ] && "$prog" -q --replay saved >/dev/null; then
	verdict 0
else
	verdict 1 "$what: --output and --save"
fi

explain 0 EBADF
fits
has '^EBADF   what is claimed to give it'
has '^mmap()$'
has '^  why_ebadf: gave it here$'
has '^      p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, -1, 0)$'
has '^      POSIX: EBADF (mmap: shall fail, EBADF)$'
has 'calls gave EBADF here: '
has_not '^What is amiss'

explain 0 SIGBUS --dir "$work"
fits
has '^load()$'
has '^  access_past_end: gave it here in 2 of 2 cases$'
tail -n 3 out | tr -d '\n ' | grep -q "$(printf '%s' "$work" | tr -d '\n ')"
verdict $? "$what: the directory"

explain 0 EINVAL
fits
has '^  length_zero: gave it here in 2 of 2 cases$'

# Each call has one heading.
explain 0 ENOMEM
fits
[ -z "$(grep '^[a-z_]*()$' out | sort | uniq -d)" ]
verdict $? "$what: a heading twice"

explain 3 EXDEV
says 'no probe is claimed to give EXDEV'
explain 2 EINVL
says 'near it: EINVAL$'
explain 2 einval
says 'near it: EINVAL$'
explain 2 ofset
says "no probe 'ofset'; near it: offset"
explain 2 PAGE
says 'no errno and no signal'
explain 2 EINVAL 1
says 'takes no arguments'
explain 2 offset 1 2
says 'too many'
explain 2 offset -q
explain 2 offset --format=json
explain 2 offset --all
explain 3 offset --dir "$work/nowhere"

if [ -n "$(ls -A "$work/tmp")" ]; then
	verdict 1 "something is left in TMPDIR"
else
	verdict 0
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
