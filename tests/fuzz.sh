#!/bin/sh
# fuzz.sh CLANG SECONDS [BUILD]
#
# Builds fuzz_script and fuzz_saved with libFuzzer and the sanitizers of that clang, in BUILD (build-fuzz/ where none is given),
# and runs each that long: from the probes, the scripts of the tests that are right and wrong, and a report of the program.
# What a run finds stays in BUILD/finds; what it learns does in BUILD/corpus, for the next run. Exit status: 0 when nothing
# was found.
set -eu

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
	echo "usage: fuzz.sh CLANG SECONDS [BUILD]" >&2
	exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
build=${3:-$root/build-fuzz}
say() { printf 'fuzz.sh: %s\n' "$*"; }

mkdir -p "$build"
build=$(cd "$build" && pwd)
if ! { cmake -S "$root" -B "$build" -DCMAKE_C_COMPILER="$1" -DMMPROBE_FUZZ=ON -DBUILD_TESTING=OFF &&
	cmake --build "$build" -j2; } >"$build/log" 2>&1; then
	tail -n 30 "$build/log"
	exit 1
fi

for target in script saved; do
	mkdir -p "$build/corpus/$target" "$build/seeds/$target" "$build/finds"
done
for f in "$root"/tests/scripts/bad/*.probe; do
	cp "$f" "$build/seeds/script/$(basename "$f")"
done
# A probe a file, as short texts change faster; and what the probes have little of.
awk -v out="$build/seeds/script" '
	/^probe / { if (file) close(file); file = out "/" $2 }
	file { print > file }' "$root"/probes/*.probe
cat >"$build/seeds/script/expressions" <<'EOF'
param a = 8
param b = a - (3 - 2) - (1 - 1)
need (a - b) - a < (a << (1 << 2)) && (a < b) == !(a == b)
need -(a + b)*(a/(b/2)) % (a % 3) | (a ^ (b & 1)) || (a || b) && ~-a
close((a, b))
p = mmap(NULL, a*(b - 1), (PROT_READ|PROT_WRITE), MAP_PRIVATE|(MAP_SHARED), -(1), 0)
    posix: (a | b) or (a < b) or a - (b - a)   if (a == b) == (b == a) "a \"note\"\\"
    linux: SIGBUS BUS_ADRERR at (a | b) - (p + 1)
EOF
sed '/close/d' "$build/seeds/script/expressions" >"$build/seeds/script/expressions_right"

# A report in full, and each tenth case of it in a report of its own, which changes faster.
report=$build/seeds/saved/all
status=0
"$build/mmprobe" --all -q --save "$report" >"$build/log" 2>&1 || status=$?
if [ ! -s "$report" ]; then
	cat "$build/log"
	say "the program made no report, status $status"
	exit 1
fi
awk -v out="$report" '
	/^case / { n++ }
	!n { head = head $0 "\n" }
	n && !/^end / { text[n] = text[n] $0 "\n" }
	END { for (i = 1; i <= n; i += 10) printf "%s%send 1\n", head, text[i] > (out "." i) }' "$report"

found=0
for target in script saved; do
	log=$build/fuzz_$target.log
	dict=$root/tests/fuzz_$target.dict
	# The seeds stay as they are: new inputs go to the first directory.
	if "$build/fuzz_$target" -max_total_time="$2" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-dict="$dict" -artifact_prefix="$build/finds/$target-" "$build/corpus/$target" "$build/seeds/$target" >"$log" 2>&1; then
		say "$target: nothing found in $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs," \
			"$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1) places reached"
	else
		found=1
		say "$target: found, see $log and $build/finds"
		grep -v -e '^#' -e 'Recommended' "$log" | tail -n 60
	fi
done
exit $found
