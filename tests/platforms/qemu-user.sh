#!/bin/sh
# Builds mmprobe for another architecture and runs it under qemu's emulation of system calls.
set -eu
here=$(dirname "$0")
usage="usage: qemu-user.sh ARCH [ARGUMENT...]       (without arguments: --all)
  ARCH: i386 arm64 armhf ppc64el riscv64 s390x"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
case ${1-} in
arm64) qemu=aarch64 ;;
armhf) qemu=arm ;;
ppc64el) qemu=ppc64le ;;
i386 | riscv64 | s390x) qemu=$1 ;;
*) show_usage ;;
esac
begin
build "$1"
shift
[ $# -gt 0 ] || set -- --all
need qemu-user-static
status=0
timeout "$LIMIT" "qemu-$qemu-static" "$mmprobe" "$@" </dev/null || status=$?
exit "$status"
