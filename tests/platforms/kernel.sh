#!/bin/sh
# Builds mmprobe for a machine, starts a kernel of Debian's on that machine in qemu, and runs it there as root.
set -eu
here=$(dirname "$0")
usage="usage: kernel.sh PLATFORM [9p | 9p-mmap | 9p-loose] [ARGUMENT...]       (without arguments: --all)
  PLATFORM: amd64-5.10 amd64-6.1 amd64-6.12 i386-6.1 arm64-6.1 arm64-6.12-16k armhf-6.1 ppc64el-6.1-64k riscv64-6.12 s390x-6.1
  9p...     asks about a directory of the host, mounted by 9p with cache=none, cache=mmap or cache=loose"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
arch=${1-}
arch=${arch%%-*}
console=ttyS0 disk=pci
case ${1-} in # the release of Debian, and its package that depends on the newest kernel
amd64-5.10) suite=bullseye meta=amd64 ;;
amd64-6.1) suite=bookworm meta=amd64 ;;
amd64-6.12) suite=bookworm-backports meta=amd64 ;;
i386-6.1) suite=bookworm meta=686-pae ;;
arm64-6.1) suite=bookworm meta=arm64 ;;
arm64-6.12-16k) suite=bookworm-backports meta=arm64-16k ;;
armhf-6.1) suite=bookworm meta=armmp-lpae ;;
ppc64el-6.1-64k) suite=bookworm meta=powerpc64le ;;
riscv64-6.12) suite=trixie meta=riscv64 ;;
s390x-6.1) suite=bookworm meta=s390x ;;
*) show_usage ;;
esac
case $arch in
amd64) package=qemu-system-x86 qemu="qemu-system-x86_64 -M pc -cpu max" ;;
i386) package=qemu-system-x86 qemu="qemu-system-i386 -M pc -cpu max" ;;
arm64) package=qemu-system-arm qemu="qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on,lpa2=off" console=ttyAMA0 ;;
armhf) package=qemu-system-arm qemu="qemu-system-arm -M virt,highmem=off -cpu cortex-a15" console=ttyAMA0 ;;
ppc64el) package=qemu-system-ppc console=hvc0
	qemu="qemu-system-ppc64 -M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken -cpu power9 -vga none" ;;
riscv64) package="qemu-system-misc opensbi" qemu="qemu-system-riscv64 -M virt" ;;
s390x) package=qemu-system-misc qemu="qemu-system-s390x -M s390-ccw-virtio -cpu max" console=ttysclp0 disk=ccw ;;
esac
shift
cache=
case ${1-} in
9p) cache=none ;;
9p-*) cache=${1#9p-} ;;
esac
[ -z "$cache" ] || shift
[ $# -gt 0 ] || set -- --all

begin
# shellcheck disable=SC2086
need $package apt cpio kmod xz-utils gzip
build "$arch"

# apt with lists of its own, so that those of this machine stay as they are. Its keys are used, and its first source.
apt=$work/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$work/kernel" "$work/root"
: >"$apt/status"
mirror=$(apt-get indextargets --format "\$(REPO_URI)" | grep -v security | head -n 1)
[ -n "$mirror" ] || fail "apt-get has no source of packages here"
echo "deb [arch=$arch] $mirror $suite main" >"$apt/sources.list"
own_apt() {
	tool=$1
	shift
	"$tool" -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/none" -o Dir::State="$apt" \
		-o Dir::State::status="$apt/status" -o Dir::Cache="$apt" -o Acquire::Languages=none -o APT::Sandbox::User=root \
		-o APT::Architecture="$arch" -o APT::Architectures="$arch" "$@"
}
own_apt apt-get update >"$work/apt.log" 2>&1 || { tail -n 5 "$work/apt.log" >&2; fail "apt-get update: $suite, $arch"; }
image=$(own_apt apt-cache depends "linux-image-$meta" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
[ -n "$image" ] || fail "no linux-image-$meta in $suite"
(cd "$work" && own_apt apt-get download "$image") >"$work/apt.log" 2>&1 || { tail -n 5 "$work/apt.log" >&2; fail "$image"; }
dpkg-deb -x "$work/$image"_*.deb "$work/kernel"
kernel=$(find "$work/kernel/boot" -name 'vmlinu*')
release=${kernel##*/vmlinu?-}

# What the kernel finds in its memory: the first process, the program, its arguments, modules.
root=$work/root
"$cc" -static -O1 -o "$root/init" "$here/init.c" || fail "init.c"
cp "$mmprobe" "$root/program"
modules="loop overlay crc32c_generic ext4" # for what is asked of mounts and disks
if [ -n "$cache" ]; then
	set -- --dir /mnt "$@"
	echo "trans=virtio,version=9p2000.L,cache=$cache" >"$root/9p"
	mkdir "$work/shared"
	modules="$modules virtio_pci 9pnet_virtio 9p"
	qemu="$qemu -fsdev local,id=shared,path=$work/shared,security_model=none -device virtio-9p-$disk,fsdev=shared,mount_tag=host"
fi
mkdir "$root/lib"
base=$work/kernel
[ -d "$base/lib/modules" ] || base=$base/usr
depmod -b "$base" "$release"
for module in $modules; do
	modprobe -d "$base" -S "$release" --show-depends "$module" 2>/dev/null || :
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/modules"
: >"$root/modules"
while read -r file; do
	name=$(basename "$file" .xz)
	case $file in
	*.xz) xz -dc "$file" >"$root/lib/$name" ;;
	*) cp "$file" "$root/lib/$name" ;;
	esac
	echo "/lib/$name" >>"$root/modules"
done <"$work/modules"
printf '%s\n' "$@" >"$root/arguments"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$work/initrd"

# shellcheck disable=SC2086
timeout "$LIMIT" $qemu -m 1024M -display none -monitor none -no-reboot -nodefaults -serial "file:$work/console" \
	-kernel "$kernel" -initrd "$work/initrd" -append "console=$console rdinit=/init panic=-1 loglevel=3" \
	>"$work/qemu.log" 2>&1 || :
tr -d '\r' <"$work/console" >"$work/report"
status=$(sed -n 's/^@end \([0-9]*\)$/\1/p' "$work/report")
sed '1,/^@begin$/d; /^@end [0-9]*$/,$d' "$work/report"
[ -n "$status" ] || { cat "$work/qemu.log" >&2; tail -n 5 "$work/report" >&2; fail "the machine did not come to an end"; }
exit "$status"
