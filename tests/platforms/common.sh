# What the scripts here share; sourced, with the script's own usage in $usage.
# shellcheck shell=sh
# shellcheck disable=SC2154 # usage, here

: "${LIMIT:=300}" # seconds that a run may take
source_dir=$(cd "$here/../.." && pwd)
work=
undo=: # what a script wants done before its directory is removed

fail() { # the platform could not be set up, which says nothing of mmprobe
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 125
}

show_usage() {
	printf '%s\n' "$usage" >&2
	exit 2
}

finish() {
	status=$?
	trap - EXIT HUP INT TERM
	$undo
	[ -z "$work" ] || rm -rf --one-file-system "$work"
	exit "$status"
}

# A fresh directory, gone at the end whatever happens.
begin() {
	trap finish EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	work=$(mktemp -d)
	chmod 755 "$work"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what is missing of the Debian packages named; nothing that is there is removed for it.
need() {
	missing=
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = 'ii ' ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086
	set -- apt-get install -y --no-install-recommends --no-remove $missing
	{ as_root env DEBIAN_FRONTEND=noninteractive "$@" ||
		{ as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive "$@"; }; } >"$work/apt.log" 2>&1 ||
		{ tail -n 5 "$work/apt.log" >&2; fail "not installed:$missing"; }
}

# compiler ARCH: the compiler for Debian's architecture ARCH in $cc, installed.
compiler() {
	case $1 in
	"$(dpkg --print-architecture)") cc=cc; need gcc libc6-dev; return ;;
	amd64) cc=x86_64-linux-gnu ;;
	i386) cc=i686-linux-gnu ;;
	arm64) cc=aarch64-linux-gnu ;;
	armhf) cc=arm-linux-gnueabihf ;;
	ppc64el) cc=powerpc64le-linux-gnu ;;
	riscv64) cc=riscv64-linux-gnu ;;
	s390x) cc=s390x-linux-gnu ;;
	*) show_usage ;;
	esac
	need "gcc-$(printf %s "$cc" | tr _ -)" "libc6-dev-$1-cross"
	cc=$cc-gcc
}

# build ARCH: a static mmprobe for it, in $mmprobe.
build() {
	need cmake make
	compiler "$1"
	{ cmake -S "$source_dir" -B "$work/build" -DBUILD_TESTING=OFF -DCMAKE_C_COMPILER="$cc" -DCMAKE_SYSTEM_NAME=Linux \
		-DCMAKE_EXE_LINKER_FLAGS=-static && cmake --build "$work/build" --target mmprobe; } >"$work/build.log" 2>&1 ||
		{ tail -n 20 "$work/build.log" >&2; fail "mmprobe could not be built for $1"; }
	mmprobe=$work/build/mmprobe
}

# The program named, wherever the script goes from here, in $mmprobe.
program() {
	mmprobe=$(readlink -f "$1" 2>/dev/null) || fail "no program: $1"
	[ -f "$mmprobe" ] && [ -x "$mmprobe" ] && return
	fail "no program: $1"
}
