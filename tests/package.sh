#!/bin/sh
# package.sh BUILD
#
# Makes the packages of a build directory, unpacks each into an empty directory, and runs the program that is in it. The .deb
# must have the fields that a package has, and depend on the C library. Exit status: 0 when all is well.
set -eu

[ $# -eq 1 ] || { echo "usage: package.sh BUILD" >&2; exit 2; }
build=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

wrong() {
	printf 'package.sh: %s\n' "$*"
	exit 1
}

rm -f "$build"/mmprobe*.deb "$build"/mmprobe-*.tar.gz
cmake --build "$build" --target package >"$work/log" 2>&1 || { tail -n 30 "$work/log"; wrong "no package"; }
grep -i -e warning "$work/log" && wrong "a warning while it is packed"

# The files under a prefix, and that the program there runs.
look() { # what, prefix
	for f in bin/mmprobe share/man/man1/mmprobe.1 share/man/man5/mmprobe.5 share/doc/mmprobe/copyright \
		share/bash-completion/completions/mmprobe share/zsh/site-functions/_mmprobe share/fish/vendor_completions.d/mmprobe.fish; do
		[ -s "$2/$f" ] || wrong "$1: $f is missing"
	done
	"$2/bin/mmprobe" --version | grep -q "$version" || wrong "$1: it is not version $version"
	"$2/bin/mmprobe" -q offset 1000 >"$work/said" || { cat "$work/said"; wrong "$1: the program does not run"; }
}

version=$(sed -n 's/^CMAKE_PROJECT_VERSION:[A-Z]*=//p' "$build/CMakeCache.txt")
[ -n "$version" ] || wrong "the version is not known"

mkdir "$work/archive"
tar -xzf "$build"/mmprobe-"$version"-*.tar.gz -C "$work/archive"
set -- "$work"/archive/*
[ $# -eq 1 ] || wrong "the archive has more than one directory"
prefix=$1
[ -d "$prefix/bin" ] || prefix=$prefix/usr
look archive "$prefix"

if ! command -v dpkg-deb >/dev/null; then
	echo "SKIPPED: dpkg-deb is not here, so the .deb is not looked at"
	exit 0
fi
set -- "$build"/mmprobe_"$version"_*.deb
deb=$1
for pair in "Package mmprobe" "Version $version" "Section devel" "Maintainer The mmprobe authors"; do
	field=${pair%% *}
	[ "$(dpkg-deb -f "$deb" "$field")" = "${pair#* }" ] || wrong "the .deb's $field is '$(dpkg-deb -f "$deb" "$field")'"
done
dpkg-deb -f "$deb" Depends | grep -q '^libc6[^,]*$' || wrong "the .deb depends on '$(dpkg-deb -f "$deb" Depends)', not on libc6 alone"
mkdir "$work/deb"
dpkg-deb -x "$deb" "$work/deb"
look .deb "$work/deb/usr"
[ -s "$work/deb/usr/share/zsh/vendor-completions/_mmprobe" ] || wrong ".deb: Debian's zsh would not find its completion"
echo "package.sh: $(basename "$deb") and the archive, $(find "$work/deb" -type f | wc -l) files each"
