#!/bin/sh
# package.sh BUILD
#
# Makes the packages of a build directory, unpacks each into an empty directory, and runs the program that is in it. The .deb
# must have the fields that a package has, and depend on the C library; root installs it with dpkg in a small root of its own,
# runs it there, and removes it again. Exit status: 0 when all is well.
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

# An empty root; the C library is the one of this machine, and dpkg there knows that it is installed.
make_root() {
	mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/tmp" "$root/dev"
	: >"$root/var/lib/dpkg/status"
	for library in $(ldd "$work/deb/usr/bin/mmprobe" | sed -n 's|^[^/]*\(/[^ ]*\).*|\1|p'); do
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

dpkg_there() {
	LC_ALL=C dpkg --root="$root" --log=/dev/null "$@" >"$work/log" 2>&1
}

install_deb() {
	make_root
	(cd "$root" && find . -type f ! -path './var/*') | sort >"$work/before"
	dpkg_there --install "$deb" && wrong "the .deb can be installed where there is no libc6"
	grep -q 'depends on libc6' "$work/log" || { cat "$work/log"; wrong "the .deb is not refused for want of libc6"; }
	dpkg_there --purge mmprobe || { cat "$work/log"; wrong "a .deb half installed cannot be purged"; }
	dpkg-query -s "libc6:$(dpkg --print-architecture)" >>"$root/var/lib/dpkg/status"
	echo >>"$root/var/lib/dpkg/status"
	dpkg_there --install "$deb" || { cat "$work/log"; wrong "the .deb cannot be installed"; }
	dpkg_there --verify mmprobe || { cat "$work/log"; wrong "the installed files are not those of the .deb"; }
	look 'the installed .deb' "$root/usr"
	said=$(chroot "$root" /usr/bin/mmprobe offset 1000) || wrong "installed, in its own root, the program says: $said"
	dpkg_there --purge mmprobe || { cat "$work/log"; wrong "the .deb cannot be purged"; }
	(cd "$root" && find . -type f ! -path './var/*') | sort | cmp -s - "$work/before" || wrong "the .deb leaves something behind"
}

if [ "$(id -u)" -eq 0 ] && command -v dpkg >/dev/null && [ "$(ldd "$work/deb/usr/bin/mmprobe" | grep -c libc.so.6)" -eq 1 ]; then
	root=$work/root
	install_deb
	installed=", installed and removed"
else
	echo "SKIPPED: only root, with dpkg, can install the .deb, and only where its C library is that of the machine"
	installed=
fi
echo "package.sh: $(basename "$deb") and the archive, $(find "$work/deb" -type f | wc -l) files each$installed"
