#!/bin/sh
# ci-examples.sh MMPROBE README [--build]
#
# The examples of continuous integration in README.md: each command of theirs is run, in the order and the directories that
# they assume: the sources in mmprobe/, beside it a report that was looked at and the known differences. Where a command
# builds, MMPROBE is put there instead, and packages are not installed; with --build both are done too (the latter as root,
# with apt-get). Exit status: 0 when every command does what it should.
set -u

me=ci-examples.sh
if [ $# -lt 2 ] || [ $# -gt 3 ] || [ "${3:---build}" != --build ]; then
	echo "usage: $me MMPROBE README [--build]" >&2
	exit 2
fi
prog=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
readme=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
source=$(dirname "$readme")
really=${3:-}
work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-ci.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
ran=0 failed=0

wrong() {
	failed=$((failed + 1))
	printf 'FAILED: %s\n' "$*"
}

# The commands of an example, a line each, and the file that it keeps.
github() {
	sed -n '/GitHub Actions:$/,/^```$/p' "$readme"
}
gitlab() {
	sed -n '/^GitLab:$/,/^```$/p' "$readme"
}
github | sed -n 's/^ *- run: //p' >"$work/github"
gitlab | sed -n '/^  \(before_\)\{0,1\}script:$/,/^  [a-rt-z]/s/^    - //p' >"$work/gitlab"
[ "$(github | sed -n 's/.*path: \([^ ,}]*\).*/\1/p')" = now.report ] || wrong "GitHub: the file that is kept is not now.report"
[ "$(gitlab | sed -n 's/.*paths: \[\([^]]*\)\].*/\1/p')" = now.report ] || wrong "GitLab: the file that is kept is not now.report"
[ "$(grep -c . "$work/github")" -eq 3 ] || wrong "GitHub: not the three commands that there were"
[ "$(grep -c . "$work/gitlab")" -eq 4 ] || wrong "GitLab: not the four commands that there were"

# A platform with flaws gives 1 to each run of every probe.
"$prog" -q --all --save "$work/mmap.report" >"$work/said" 2>&1
usual=$?
if [ $usual -gt 1 ]; then
	cat "$work/said"
	wrong "the report that was looked at cannot be made: status $usual"
fi

for example in github gitlab; do
	mkdir "$work/$example.dir"
	cd "$work/$example.dir" || exit 2
	cp "$work/mmap.report" .
	echo '# none' >mmap.known
	if [ "$really" ]; then
		mkdir mmprobe
		(cd "$source" && tar -cf - CMakeLists.txt LICENSE completions man probes src tests) | tar -xf - -C mmprobe
	fi
	while IFS= read -r command; do
		should=0
		case $command in
		apt-get*)
			if ! [ "$really" ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
				echo "SKIPPED: $example: $command"
				continue
			fi ;;
		cmake*)
			if ! [ "$really" ]; then
				mkdir build
				ln -s "$prog" build/mmprobe
				echo "SKIPPED: $example: $command"
				continue
			fi ;;
		*--all*) should=$usual ;;
		esac
		DEBIAN_FRONTEND=noninteractive sh -e -c "$command" </dev/null >"$work/said" 2>&1
		status=$?
		ran=$((ran + 1))
		if [ $status -ne $should ]; then
			wrong "$example: $command: status $status, not $should"
			tail -n 20 "$work/said" | sed 's/^/    /'
		fi
	done <"$work/$example"
	[ -s now.report ] || wrong "$example: there is no now.report to keep"

	# And that the last step would tell a difference.
	sed -i.was 's/EINVAL$/ENOMEM/' mmap.report
	sh -e -c "$(tail -n 1 "$work/$example")" >"$work/said" 2>&1
	[ $? -eq 1 ] || wrong "$example: another report is not told"
	ran=$((ran + 1))
done

echo "$ran commands run, $failed failed"
[ "$failed" -eq 0 ]
