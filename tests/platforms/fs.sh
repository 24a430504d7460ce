#!/bin/sh
# Runs mmprobe on a file system that is made for it and taken away afterwards.
set -eu
here=$(dirname "$0")
usage="usage: fs.sh FS MMPROBE [ARGUMENT...]       (as root; without arguments: --all)
  disk:     ext2 ext4 ext4-1k ext4-noexec xfs btrfs
  memory:   tmpfs hugetlbfs
  stacked:  overlay (on tmpfs) overlay-ext4
  FUSE:     bindfs mergerfs mergerfs-direct (cache.files=off)
  hostile:  ext4-ro tmpfs-full"
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
[ $# -ge 2 ] || show_usage
fs=$1
program "$2"
shift 2
[ $# -gt 0 ] || set -- --all
[ "$(id -u)" -eq 0 ] || fail "only root may mount"
begin
undo=unmount
m=$work/mnt lower=$work/lower
mkdir "$m" "$lower"
chmod 1777 "$lower"
pages=

# shellcheck disable=SC2317 # called by common.sh
unmount() {
	cd /
	umount "$m" 2>/dev/null || umount -l "$m" 2>/dev/null || :
	umount "$lower" 2>/dev/null || :
	[ -z "$pages" ] || echo "$pages" >/proc/sys/vm/nr_hugepages
}

disk() { # type, MiB, mkfs's options
	type=$1
	truncate -s "$2M" "$work/image"
	shift 2
	"mkfs.$type" "$@" "$work/image" >"$work/mkfs.log" 2>&1 || { cat "$work/mkfs.log" >&2; fail "mkfs.$type"; }
}

need mount
case $fs in
ext2 | ext4) need e2fsprogs; disk "$fs" 64 -q; mount -o loop "$work/image" "$m" ;;
ext4-1k) need e2fsprogs; disk ext4 64 -q -b 1024; mount -o loop "$work/image" "$m" ;;
ext4-noexec) need e2fsprogs; disk ext4 64 -q; mount -o loop,noexec "$work/image" "$m" ;;
ext4-ro) need e2fsprogs; disk ext4 64 -q; mount -o loop,ro "$work/image" "$m" ;;
xfs) need xfsprogs; disk xfs 320 -q; mount -o loop "$work/image" "$m" ;;
btrfs) need btrfs-progs; disk btrfs 256 -q; mount -o loop "$work/image" "$m" ;;
tmpfs) mount -t tmpfs -o size=64m none "$m" ;;
tmpfs-full) mount -t tmpfs -o size=16k none "$m"; dd if=/dev/zero of="$m/fill" bs=4k 2>/dev/null || : ;;
hugetlbfs)
	pages=$(cat /proc/sys/vm/nr_hugepages)
	echo $((pages + 16)) >/proc/sys/vm/nr_hugepages
	mount -t hugetlbfs none "$m"
	;;
overlay | overlay-ext4)
	if [ "$fs" = overlay ]; then
		mount -t tmpfs none "$lower"
	else
		need e2fsprogs
		disk ext4 64 -q
		mount -o loop "$work/image" "$lower"
	fi
	mkdir "$lower/lower" "$lower/upper" "$lower/work"
	mount -t overlay -o "lowerdir=$lower/lower,upperdir=$lower/upper,workdir=$lower/work" none "$m"
	;;
bindfs) need bindfs; bindfs "$lower" "$m" ;;
mergerfs) need mergerfs; mergerfs -o allow_other,cache.files=auto-full "$lower" "$m" ;;
mergerfs-direct) need mergerfs; mergerfs -o allow_other,cache.files=off "$lower" "$m" ;;
*) show_usage ;;
esac
[ "$fs" = ext4-ro ] || chmod 1777 "$m"
status=0
timeout "$LIMIT" "$mmprobe" --dir "$m" "$@" </dev/null || status=$?
exit "$status"
