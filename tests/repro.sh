#!/bin/sh
# repro.sh MMPROBE CC: every embedded probe, told as a C program, compiles without a warning and sees what mmprobe saw.
# Of a probe with many cases the first and the last. Two run at a time.
mmprobe=${1:?the program is missing}
cc=${2:?a C compiler is missing}
strict='-std=c99 -pedantic -Wall -Wextra -Werror'
limit=60
LC_ALL=C
export LC_ALL

top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
trap 'exit 1' HUP INT TERM
TMPDIR=$top/tmp
export TMPDIR
mkdir "$TMPDIR" "$top/work" || exit 1

# A line a case: the probe, and its arguments if it has parameters with several values.
cases() {
	"$mmprobe" --list | sed -n 's/^  \([a-z][a-z0-9_]*\).*/\1/p' | while read -r name; do
		"$mmprobe" --show "$name" | awk -v name="$name" '
			/^tag .*heavy/ { heavy = 1 }
			/^each / {
				sub(/ *#.*/, "")
				key = $2
				sub(/^each +[a-z0-9_]+ *= */, "")
				n = split($0, value, / *, */)
				++params
				for (i = 1; i <= n; ++i)
					all[i] = key "=" value[i]
				count = n
				first = first "\t" all[1]
				last = last "\t" all[n]
			}
			END {
				if (heavy)
					exit
				if (!params)
					print name
				else if (params == 1 && count <= 3)
					for (i = 1; i <= count; ++i)
						print name "\t" all[i]
				else
					print name first "\n" name last
			}'
	done
}

# One case: a line "ok LINES PROCESSES", "refused WHY" or "failed WHY".
try() {
	base=$top/work/$1.$2
	shift 2
	"$mmprobe" --repro "$@" > "$base.c" 2> "$base.err"
	status=$?
	if [ $status -eq 3 ]; then
		echo "refused $(sed 's/^mmprobe: //' "$base.err")"
		return
	elif [ $status -ne 0 ] || [ -s "$base.err" ]; then
		echo "failed $*: status $status: $(cat "$base.err")"
		return
	fi
	# shellcheck disable=SC2086
	if ! $cc $strict -o "$base" "$base.c" > "$base.err" 2>&1; then
		echo "failed $*: it does not compile: $(head -n 3 "$base.err")"
	elif ! "$base" > "$base.out" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; then
		echo "failed $*: it sees something else: $(tr '\n' ';' < "$base.out")"
	else
		echo "ok $(wc -l < "$base.c") $(grep -c 'fork()' "$base.c")"
	fi
	rm -f "$base"
}

# Every second case.
half() {
	number=0
	while read -r line; do
		number=$((number + 1))
		[ $((number % 2)) -eq "$1" ] || continue
		# An argument may hold blanks, never a tab.
		IFS='	'
		# shellcheck disable=SC2086
		set -- "$1" $line
		unset IFS
		which=$1
		shift
		try "$number" "$which" "$@"
		set -- "$which"
	done < "$top/cases"
}

passed=0
failed=0
check() { # what, status
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "failed: $1"
	fi
}

expect_status() { # status, then the arguments
	wanted=$1
	shift
	"$mmprobe" "$@" > /dev/null 2> "$top/err"
	status=$?
	[ $status -eq "$wanted" ] && [ -s "$top/err" ]
	check "$*: status $status, not $wanted" $?
}

compile() {
	# shellcheck disable=SC2086
	$cc $strict -o "$top/one" "$top/one.c"
}

cases > "$top/cases"
half 0 > "$top/half0" &
half 1 > "$top/half1"
wait
cat "$top/half0" "$top/half1" > "$top/results"
sed -n 's/^failed /failed: /p' "$top/results"
sed -n 's/^refused /refused: /p' "$top/results" | sort
passed=$(grep -c '^ok ' "$top/results")
failed=$(grep -c '^failed ' "$top/results")
refused=$(grep -c '^refused ' "$top/results")
all=$(wc -l < "$top/cases")
check "every case has a result" "$(( passed + failed + refused - all ))"
[ "$passed" -gt 0 ] && [ $((refused * 10)) -le "$all" ]
check "$refused of $all cases are refused, more than a tenth" $?
awk -v limit=$limit '
	/^ok / { if ($3) ++two; else { ++one; long += $2 > limit }; if ($2 > most) most = $2; twolong += $3 && $2 > limit }
	END { printf "longer than %d lines: %d of %d with one process, %d of %d with two; the longest has %d\n", limit, long, one, twolong, two, most }
' "$top/results"
[ -z "$(ls "$TMPDIR")" ]
check "the directories are removed" $?

# It prints what it saw, line by line.
"$mmprobe" --repro offset 1000 > "$top/one.c" && compile && "$top/one" > "$top/out" && grep -qx 'mmap: EINVAL' "$top/out"
check "mmap: EINVAL is printed" $?
# Where the platform answers otherwise, 1.
sed 's/"EINVAL");$/"EACCES");/' "$top/one.c" > "$top/other.c" && ! cmp -s "$top/one.c" "$top/other.c" && cp "$top/other.c" "$top/one.c" && compile
check "another error can be asked for" $?
"$top/one" > "$top/out"
[ $? -eq 1 ] && grep -qx 'mmap: EINVAL' "$top/out" && [ -z "$(ls "$TMPDIR")" ]
check "another error is a difference" $?

# A script of one's own, from the command line and from a file, with a fault.
script='p = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); load(p)'
"$mmprobe" --repro -e "$script" > "$top/one.c" && compile && "$top/one" > "$top/out" && grep -qx 'load(p): SIGSEGV' "$top/out"
check "-e: load(p): SIGSEGV is printed" $?
sed 's/PROT_NONE/PROT_READ/' "$top/one.c" > "$top/other.c" && cp "$top/other.c" "$top/one.c" && compile
"$top/one" > "$top/out"
[ $? -eq 1 ] && grep -qx 'load(p): 0' "$top/out"
check "a load that raises no signal is a difference" $?
echo "$script" | tr ';' '\n' | sed 's/^ //' > "$top/script"
"$mmprobe" --run "$top/script" --repro > "$top/one.c" && compile && "$top/one" > /dev/null
check "--run" $?
"$mmprobe" --repro -o "$top/one.c" offset 1000 > "$top/out" && [ ! -s "$top/out" ] && compile && "$top/one" > /dev/null
check "-o" $?
# The child's difference counts too.
"$mmprobe" --repro -e 'kid = fork(); kid: value(2 + 2) = 4; kid: getrlimit(RLIMIT_CORE) = ?' > "$top/one.c" && compile && "$top/one" > /dev/null
check "a child" $?
sed 's/"4")/"5")/' "$top/one.c" > "$top/other.c" && cp "$top/other.c" "$top/one.c" && compile
"$top/one" > "$top/out"
[ $? -eq 1 ] && grep -q '^kid: value(2 + 2): 4$' "$top/out"
check "what a child sees counts" $?
for only in errno.h setjmp.h _GNU_SOURCE mkdtemp; do
	"$mmprobe" --repro -e 'value(1) = 1' | grep -q "$only"
	[ $? -eq 1 ]
	check "$only where nothing needs it" $?
done

expect_status 2 --repro
expect_status 2 --repro --all
expect_status 2 --repro --list
expect_status 2 --repro mode
grep -q 'mode, share, prot' "$top/err"
check "the parameters are named" $?
expect_status 3 --repro -e 'exec()'
expect_status 3 --repro -e 'a = fork(); b = fork(); a: value(1); b: value(1)'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
