#!/bin/sh
# Builds mmprobe with its tests in build-tests/ and runs them. What they need and is missing here (libcheck, pkg-config,
# CMake, a C compiler) is installed first with the platform's package manager; if nothing is missing, nothing is installed.
set -eu

cd "$(dirname "$0")/.."

has() {
	command -v "$1" >/dev/null 2>&1
}

has_compiler() {
	has "${CC:-cc}" || has gcc || has clang
}

has_make() {
	has make || has gmake || has ninja
}

ready() {
	has cmake && has ctest && has_compiler && has_make && has pkg-config && pkg-config --exists check
}

say() {
	printf 'install-and-test: %s\n' "$*"
}

give_up() {
	say "$*" >&2
	exit 1
}

# As root; by sudo for anybody else.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

need_root() {
	[ "$(id -u)" -eq 0 ] || has sudo || give_up "not root, and there is no sudo; as root, run: $*"
}

# Installs the packages named; the names of the compiler's only where there is no compiler.
install_missing() {
	if has apt-get; then
		set -- check pkg-config cmake
		has_compiler || set -- "$@" gcc libc6-dev
		has_make || set -- "$@" make
		need_root apt-get install "$@"
		say "apt-get install $*"
		# A fresh image has no lists of packages yet.
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@" || {
			as_root env DEBIAN_FRONTEND=noninteractive apt-get update
			as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@"
		}
	elif has dnf; then
		set -- check-devel pkgconf-pkg-config cmake
		has_compiler || set -- "$@" gcc
		has_make || set -- "$@" make
		need_root dnf install "$@"
		say "dnf install $*"
		as_root dnf install -y "$@"
	elif has apk; then
		set -- check-dev pkgconf cmake
		has_compiler || set -- "$@" gcc musl-dev
		has_make || set -- "$@" make
		need_root apk add "$@"
		say "apk add $*"
		as_root apk add --no-cache "$@"
	elif has brew; then
		# Homebrew refuses to run as root; the compiler comes with Apple's tools.
		[ "$(id -u)" -ne 0 ] || give_up "Homebrew does not run as root; as a user, run: brew install check pkgconf cmake"
		has_compiler || give_up "there is no C compiler; run: xcode-select --install"
		say "brew install check pkgconf cmake"
		brew install check pkgconf cmake
	elif has pkg; then
		set -- check pkgconf cmake
		need_root pkg install "$@"
		say "pkg install $*"
		as_root env ASSUME_ALWAYS_YES=yes pkg install -y "$@"
	else
		give_up "no package manager that is known here (apt-get, dnf, apk, pkg, brew);" \
		    "install a C compiler, make, CMake, pkg-config and libcheck with its headers, then run this again"
	fi
}

if ! ready; then
	install_missing || give_up "the packages could not be installed"
	ready || give_up "after the installation, one of these is still missing:" \
	    "a C compiler, make, cmake, ctest, pkg-config, libcheck (pkg-config --exists check)"
fi

cmake -S . -B build-tests -DBUILD_TESTING=ON
cmake --build build-tests
cd build-tests
ctest --output-on-failure
