#!/bin/sh
# repro.sh MMPROBE CC [FLAG...]: every embedded probe, told as a C program, compiles without a warning and sees what mmprobe saw.
# Of a probe with many cases the first and the last. Two run at a time, one of them with optimization.
mmprobe=${1:?the program is missing}
cc=${2:?a C compiler is missing}
shift 2
cc="$cc $*"
strict='-std=c99 -pedantic -Wall -Wextra -Werror -pthread'
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

# One case: a line "ok LINES OTHERS", of processes and threads beside the first, "refused WHY" or "failed WHY".
try() {
	base=$top/work/$1.$2
	optimize=-O$(($2 * 2))
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
	if ! $cc $strict "$optimize" -o "$base" "$base.c" > "$base.err" 2>&1; then
		echo "failed $*: it does not compile: $(head -n 3 "$base.err")"
	elif ! (cd "$TMPDIR" && exec "$base" > "$base.out" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-); then
		echo "failed $*: it sees something else: $(grep ': not ' "$base.out" | tr '\n' ';')"
	else
		echo "ok $(wc -l < "$base.c") $(grep -c 'fork()) < 0\|pthread_create(' "$base.c")"
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
passed=$(grep -c '^ok ' "$top/results")
failed=$(grep -c '^failed ' "$top/results")
refused=$(grep -c '^refused ' "$top/results")
all=$(wc -l < "$top/cases")
check "every case has a result" "$(( passed + failed + refused - all ))"
[ "$passed" -gt "$refused" ]
check "$refused of $all cases are refused" $?
sed -n 's/^refused .* cannot be told as a program: //p' "$top/results" | sort > "$top/refused"
sed 's/^\(it is unsupported here\): .*/\1/' "$top/refused" | uniq -c
reasons='it is unsupported here: .*
mounts are written out for root only
[a-z_]*() has no form for this machine'
grep -vx "$reasons" "$top/refused" > "$top/others"
[ ! -s "$top/others" ]
check "refused for another reason: $(uniq "$top/others" | tr '\n' ';')" $?
# 7 of 8 with one process and one thread have 60 lines or fewer, and none has 110. Those with threads at once are longer,
# as what both of them do and how each comes back from a fault stand in the program: up to 130.
"$mmprobe" --repro -e 'value(1) = 1' | grep -q _FILE_OFFSET_BITS && limit=$((limit + 1))   # a line for 32 bits
awk -v limit=$limit '
	/^ok / { if ($3) { ++two; if ($2 > twomost) twomost = $2 } else { ++one; long += $2 > limit; if ($2 > most) most = $2 } }
	END {
		printf "longer than %d lines: %d of %d with one process, of which the longest has %d", limit, long, one, most
		printf "; of %d with more the longest has %d\n", two, twomost
		exit !(long*8 <= one && most < 110)
	}
' "$top/results"
check "they are short" $?
[ -z "$(ls "$TMPDIR")" ]
check "the directories are removed" $?

# What the program on standard input gives: its status, and what it prints in $top/out.
run() {
	cat > "$top/one.c"
	compile && (cd "$TMPDIR" && exec "$top/one") > "$top/out" 2>&1
}

# It prints what it saw, line by line, under a comment that says what is asked, claimed and seen, and where.
"$mmprobe" --repro offset 1000 > "$top/offset.c" && run < "$top/offset.c" && grep -qx 'mmap(.*, fd, 1000): -EINVAL (-22)' "$top/out"
check "mmap: -EINVAL is printed" $?
head_is() { # line, pattern
	sed -n "$1p" "$top/offset.c" | grep -qx "$2"
	check "line $1 of the comment: $(sed -n "$1p" "$top/offset.c")" $?
}
head_is 1 '/\* mmprobe offset off=1000: a file offset that need not be a multiple of the page size'
head_is 2 ' \* p = mmap(NULL, .*) = EINVAL; POSIX: EINVAL or ok (mmap: may fail, EINVAL)'
head_is 3 ' \* Seen on .*, pages of [0-9]* bytes.*\. To compare: cc.* file.c && \./a\.out \*/'
# Where the platform answers otherwise, 1.
sed 's/-EINVAL);$/-EACCES);/' "$top/offset.c" > "$top/other.c"
! cmp -s "$top/offset.c" "$top/other.c"
check "another error can be asked for" $?
run < "$top/other.c"
[ $? -eq 1 ] && grep -qx 'mmap(.*): not -EACCES (-22)' "$top/out" && [ -z "$(ls "$TMPDIR")" ]
check "another error is a difference" $?
# Where it cannot begin, 2.
(cd / && rm -rf "$top/gone" && mkdir "$top/gone" && cd "$top/gone" && rmdir "$top/gone" && "$top/one" 2> "$top/out")
[ $? -eq 2 ] && [ -s "$top/out" ]
check "no directory can be made: 2" $?

# A script of one's own, from the command line and from a file. A fault is its signal, its code and its address.
script='p = mmap(NULL, 2*PAGE, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); load(p + PAGE)'
"$mmprobe" --repro -e "$script" > "$top/fault.c" && run < "$top/fault.c" &&
	grep -qx 'signal 11 code 2 at 0x[0-9a-f]*: load(p + PAGE): SIGSEGV SEGV_ACCERR at p + PAGE (.*)' "$top/out"
check "-e: a fault is printed" $?
for other in 's/PROT_NONE/PROT_READ/' 's/SEGV_ACCERR, p/SEGV_MAPERR, p/' 's/SIGSEGV, SEGV/SIGBUS, SEGV/' 's/, p + PAGE);$/, p);/'; do
	sed "$other" "$top/fault.c" > "$top/other.c"
	cmp -s "$top/fault.c" "$top/other.c"
	[ $? -eq 1 ]
	check "$other changes the program" $?
	run < "$top/other.c"
	[ $? -eq 1 ] && grep -q 'load(p + PAGE): not ' "$top/out"
	check "$other is a difference" $?
done
# A fault where there was none, and a text that is another one.
script='p = mmap(NULL, 2*PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); load(p) = 0; stores(p, "ab"); loads(p, 2)'
"$mmprobe" --repro -e "$script" > "$top/text.c" && run < "$top/text.c" && grep -qx 'loads(p, 2): "ab" (0 ab)' "$top/out"
check "a text is printed" $?
sed 's/PROT_READ|PROT_WRITE/PROT_NONE/' "$top/text.c" | run
[ $? -eq 1 ] && grep -q '^load(p): not 0 (-14' "$top/out"
check "a fault is a difference" $?
for other in '"ac"' '"a"' '"ab\\0"'; do
	sed "s/TEXT(loads(p, 2), \"ab\")/TEXT(loads(p, 2), $other)/" "$top/text.c" | run
	[ $? -eq 1 ] && grep -q '^loads(p, 2): not "' "$top/out"
	check "$other is another text" $?
done
echo 'value(2) = 2' > "$top/script"
"$mmprobe" --run "$top/script" --repro | run
check "--run" $?
"$mmprobe" --repro -o "$top/one.c" offset 1000 > "$top/out" && [ ! -s "$top/out" ] && run < "$top/offset.c"
check "-o" $?
# The child's difference counts too, and its grandchild's; so does how it ends.
"$mmprobe" --repro -e 'kid = fork(); kid: value(2 + 2) = 4; kid: grandkid = fork(); grandkid: value(3 + 3) = 6; kid: value(1) = 1; kid: exit(3)' > "$top/kids.c" &&
	run < "$top/kids.c" && grep -qx 'turn(kid): 3 (3)' "$top/out"
check "a child that outlives its parent" $?
for other in 's/, 6);$/, 7);/' 's/, 3);$/, 4);/'; do
	sed "$other" "$top/kids.c" | run
	[ $? -eq 1 ] && grep -q ': not ' "$top/out"
	check "a child that outlives its parent: $other is a difference" $?
done
# A value that another process got.
"$mmprobe" --repro -e 'kid = fork(); kid: x = value(1 + 1); value(x + 1) = 3' > "$top/given.c" && run < "$top/given.c" &&
	grep -qx 'x + 1: 3 (3)' "$top/out"
check "a value of another process" $?
sed 's/\(shared\[[0-9]*\] = x\);/\1 + 1;/' "$top/given.c" | run
[ $? -eq 1 ] && grep -qx 'x + 1: not 3 (4)' "$top/out"
check "a value of another process is a difference" $?
"$mmprobe" --repro -e 'kid = fork(); kid: value(2 + 2) = 4; kid: grandkid = fork(); grandkid: value(3 + 3) = 6; grandkid: exit(3); kid: exit(4)' > "$top/kids.c" &&
	run < "$top/kids.c" && grep -qx 'grandkid: 3 + 3: 6 (6)' "$top/out" && grep -qx 'turn(kid): 4 (4)' "$top/out"
check "a child and a grandchild" $?
for other in 's/, 4);$/, 5);/' 's/, 6);$/, 7);/' 's/ : 3);$/ : 2);/' 's/ : 4);$/ : 2);/'; do
	sed "$other" "$top/kids.c" | run
	[ $? -eq 1 ] && grep -q ': not ' "$top/out"
	check "$other is a difference" $?
done
# Threads take turns, share variables and tell what differs; what ends one of them ends the process.
"$mmprobe" --repro -e 't = thread(); u = thread(); t: x = value(2); u: y = value(x + 3) = 5; t: value(x*10 + y) = 25; kid = fork(); kid: w = thread();
	w: exit(4); value(x) = 2' > "$top/threads.c" && run < "$top/threads.c" && grep -qx 't: x\*10 + y: 25 (25)' "$top/out" &&
	grep -qx 'turn(kid): 4 (4)' "$top/out"
check "threads" $?
for other in 's/, 5);$/, 6);/' 's/, 25);$/, 26);/' 's/ : 4);$/ : 3);/'; do
	sed "$other" "$top/threads.c" | run
	[ $? -eq 1 ] && grep -q ': not ' "$top/out"
	check "threads: $other is a difference" $?
done
# Each exec() has the program go on where it was, with its variables and its differences.
"$mmprobe" --repro -e 'x = value(2); exec(); y = value(x + 3) = 5; exec(); value(x*10 + y) = 25' > "$top/execs.c" &&
	run < "$top/execs.c" && grep -qx 'x\*10 + y: 25 (25)' "$top/out"
check "exec() twice" $?
for other in 's/, 5);$/, 6);/' 's/, 25);$/, 26);/'; do
	sed "$other" "$top/execs.c" | run
	[ $? -eq 1 ] && grep -q ': not ' "$top/out"
	check "exec() twice: $other is a difference" $?
done
"$mmprobe" --repro -e 'exit(7)' | run && grep -qx 'turn(child): 7 (7)' "$top/out"
check "the first process may end" $?

# Numbers that C would not work out so, and what a compiler may leave out where it knows that it is undefined.
for number in '-1 << 47' '(~0 << 3) + 5' '1 << 63' 0xffffffff 'INT_MAX << 4' 'INT_MAX + INT_MAX' 'OFF_MAX + 1' '-(1 << 63)' '-INT_MIN' \
	'0x4000000000000000*2' '0xffffffffff' 'PAGE << 40' 'SIZE_MAX + 1' 'STACK*0 + ROOT*0'; do
	"$mmprobe" --repro -e "value($number)" | run
	check "value($number): $(cat "$top/out")" $?
done
for step in 'fill(NULL, 0, 1)' 'store(NULL, 1)' 'load(NULL)' 'loads(NULL, 4)' 'run(NULL)' 'x = value(5); value(x << 3)'; do
	"$mmprobe" --repro -e "$step" > "$top/one.c"
	for optimize in -O0 -O2 -O3; do
		# shellcheck disable=SC2086
		$cc $strict $optimize -o "$top/one" "$top/one.c" && (cd "$TMPDIR" && exec "$top/one") > "$top/out" 2>&1
		check "$optimize: $step: $(cat "$top/out")" $?
	done
done
# What may come out otherwise the next time is printed, not compared.
race='p = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0); race(p, 1000)'
"$mmprobe" --repro -e "$race" | run && grep -qx 'race: \(lost\|kept\)' "$top/out"
check "race(): $(cat "$top/out")" $?
# Of two threads at once the set is compared: the one that is claimed, else what was seen; both may fault at the same time.
page='p = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED|MAP_ANONYMOUS, -1, 0)'
"$mmprobe" --repro -e "$page; contend(\"load\", \"load\", 3000, p)" > "$top/both.c" && run < "$top/both.c" &&
	grep -qx 'contend(act_load, act_load, 3000, p, -1, "SIGSEGV"): 0 (0 SIGSEGV)' "$top/out"
check "contend(): $(cat "$top/out")" $?
sed 's/"SIGSEGV"), 0/"ok, SIGBUS"), 0/' "$top/both.c" | run
[ $? -eq 1 ] && grep -q '^contend(.*): not 0 (3000 SIGSEGV)$' "$top/out"
check "what is not in the set is a difference: $(cat "$top/out")" $?
"$mmprobe" --repro -e "$page; contend(\"load\", \"load\", 1, p) = \"ok, SIGSEGV\"" | grep -q 'p, -1, "ok, SIGSEGV"), 0);$'
check "the claimed set" $?
"$mmprobe" --repro -e "$page; mprotect(p, PAGE, PROT_READ); store_together(p, 1)" > "$top/both.c" && run < "$top/both.c" &&
	grep -qx 'store_together(p, 1): 4 (4)' "$top/out"
check "store_together(): $(cat "$top/out")" $?
sed 's/PROT_READ)/PROT_READ|PROT_WRITE)/' "$top/both.c" | run
[ $? -eq 1 ] && grep -qx 'store_together(p, 1): not 4 (0)' "$top/out"
check "stores that are not lost are a difference: $(cat "$top/out")" $?

# Nothing in a script breaks the comment or a string: not the end of a comment, a trigraph, a line of a hundred kinds.
cat > "$top/hostile.probe" << 'END'
probe hostile "*/ int x; /* ??/ ??) \" \\ //* /*/ %s %d é ??/"
fd = open("a??)b%s\"\\*", O_RDWR|O_CREAT, 0600)
    posix: ok       "*/ ??/ /* // \" %n"
write(fd, "??=??'%s\x01\0007\xff??", 11) = 11
preads(fd, 20, 0) = "??=??'%s\x01\0007\xff??"
main = value(3)
errno = value(main + 1) = 4
errno_ = value(errno + 1) = 5
kid = fork()
kid: printf = value(errno_ + 1) = 6
END
"$mmprobe" --run "$top/hostile.probe" --repro > "$top/hostile.c"
grep -q '??' "$top/hostile.c"
[ $? -eq 1 ]
check "no trigraphs" $?
grep '\*/' "$top/hostile.c" | head -n 1 | grep -q '^ \* Seen on '
check "the comment ends where it should" $?
run < "$top/hostile.c"
check "hostile names, titles and texts: $(cat "$top/out")" $?
for only in stdlib.h setjmp.h _GNU_SOURCE mkdtemp; do
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
expect_status 3 --repro -e 'kid = fork(); exit(0)'
expect_status 3 --repro -e 't = thread(); t: value(1) = 1; t: exec()'
expect_status 3 --repro -e 'kid = fork(); kid: x = value(1); value(x); exec()'
expect_status 3 --repro -e 'kid = fork(); kid: a = fork(); kill(kid, SIGKILL); a: value(1)'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
