#!/bin/sh
# cli.sh MMPROBE
#
# What the program does with its arguments, its surroundings and its end: bad input, a full disk, signals, closed
# descriptors, small limits, output that is a pipe. The scripts themselves are tested elsewhere.
#
# Prints a line for each check that failed (what came, and what was expected), a line for each that cannot be done here and
# why, and at the end the counts. Exit status: 0 when none failed, 1 when one did, 2 when the program cannot be run at all.
set -u

me=cli.sh

quit() {
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
}

[ $# -eq 1 ] || quit "usage: $me MMPROBE"
case $1 in
*/*) given=$1 ;;
*) given=$(command -v "$1") || quit "$1: not found" ;;
esac
if [ ! -f "$given" ] || [ ! -x "$given" ]; then
	quit "$given cannot be run"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-cli.XXXXXX") || quit "no directory can be made in ${TMPDIR:-/tmp}"
work=$(cd "$work" && pwd -P)
every=
trap '[ -z "$every" ] || kill "$every" 2>/dev/null; chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A copy whose path no other process has, to know those that are left. A script that wraps the program is called by its path.
prog=$work/mmprobe-cli-$$
case $(head -c 2 "$given") in
'#!') given=$(cd "$(dirname "$given")" && pwd)/$(basename "$given")
	printf '#!/bin/sh\nexec "%s" "$@"\n' "$given" >"$prog" ;;
*) cp "$given" "$prog" || quit "$given cannot be copied" ;;
esac
chmod 755 "$work" "$prog"

tmp=$work/tmp
mkdir "$tmp" "$work/cwd"
chmod 1777 "$tmp"
cd "$work/cwd" || exit 2
exec </dev/null
TMPDIR=$tmp LC_ALL=C
export TMPDIR LC_ALL
unset NO_COLOR GITHUB_ACTIONS GITHUB_STEP_SUMMARY
umask 022

out=$work/out err=$work/err
passed=0 failed=0 skipped=0 status=0
esc=$(printf '\033')
root=false
[ "$(id -u)" -ne 0 ] || root=true

have() {
	command -v "$1" >/dev/null 2>&1
}

# No check may hang: the program's own deadline is 5 seconds a step.
limit=
if timeout -k 1 5 true 2>/dev/null; then
	limit='timeout -k 1 10'
fi

skip() {
	skipped=$((skipped + 1))
	printf 'skipped: %s\n' "$*"
}

pass() {
	passed=$((passed + 1))
}

wrong() {
	failed=$((failed + 1))
	printf 'FAILED: %s\n' "$(printf '%s' "$*" | tr '\n' '/')"
}

# A file on one short line.
brief() {
	LC_ALL=C tr -c '[:print:]' '/' <"$1" | cut -c 1-160
}

# Runs a command; its status is in $status, its outputs in the files $out and $err.
run() {
	$limit "$@" >"$out" 2>"$err"
	status=$?
}

# Through pipes, both outputs together: where a file could not grow.
run_piped() {
	{
		$limit "$@" 2>&1
		echo $? >"$work/status"
	} | cat >"$out"
	: >"$err"
	status=$(cat "$work/status")
}

# fits FILE WHAT: is the file what it should be? '' empty, '*' anything, '=TEXT' just that, else a pattern in a line of it
fits() {
	case $2 in
	'') [ ! -s "$1" ] ;;
	'*') ;;
	=*) printf '%s\n' "${2#=}" | cmp -s - "$1" ;;
	*) grep -q -e "$2" "$1" ;;
	esac
}

# is NAME STATUS OUT ERR: judges the last run. STATUS may be several, with blanks; OUT and ERR are for fits().
is() {
	why=
	case " $2 " in
	*" $status "*) ;;
	*) why="exit $status, not $2; stderr '$(brief "$err")'" ;;
	esac
	fits "$out" "$3" || why="$why${why:+; }stdout '$(brief "$out")', not '$3'"
	fits "$err" "$4" || why="$why${why:+; }stderr '$(brief "$err")', not '$4'"
	clean "$tmp" || why="$why${why:+; }left in TMPDIR: $left"
	if [ -n "$why" ]; then
		wrong "$1: $why"
	else
		pass
	fi
}

# Is the directory empty? What was not is in $left, and is removed.
clean() {
	left=$(ls -A "$1")
	[ -n "$left" ] || return 0
	chmod -R u+rwx "$1"/* 2>/dev/null
	rm -rf "${1:?}"/*
	return 1
}

# bad ERR ARG...: what the program refuses
bad() {
	pattern=$1
	shift
	run "$prog" "$@"
	is "mmprobe $(printf '%.60s' "$*")" 2 '' "$pattern"
}

# good NAME OUT ARG...: what it does
good() {
	name=$1 pattern=$2
	shift 2
	run "$prog" "$@"
	is "$name" 0 "$pattern" ''
}

# Runs a sample of the probes, as words behind a command: for what may break all of them or none.
few() {
	run "$@" "$prog" --run "$work/sample.probe"
}

same_few() {
	same "$1" "$work/base-few"
}

# A report without its time.
report() {
	sed '/^[0-9]* cases of /s/  *[0-9.]* s$//' "$1"
}

# same NAME [BASE]: the last run gave the plain report and nothing else
same() {
	report "$out" >"$work/report"
	if cmp -s "$work/report" "${2:-$work/base}"; then
		is "$1" 0 '*' ''
	else
		wrong "$1: exit $status, another report: $(diff "${2:-$work/base}" "$work/report" | sed -n '/^[<>]/p' | head -n 6 |
			tr '\n' '/'); stderr '$(brief "$err")'"
		clean "$tmp"
	fi
}

# same_or_trouble NAME ERR [BASE]: the plain report, or exit 3 that says why and no verdict that is not the machine's
same_or_trouble() {
	if [ "$status" -eq 0 ]; then
		same "$1" "${3:-$work/base}"
	elif grep -e violation -e surprise -e unresolved -e unsupported "$out" | grep -F -x -v -f "${3:-$work/base}" >"$work/rest"; then
		wrong "$1: exit $status, a verdict: $(head -n 3 "$work/rest"); stderr '$(brief "$err")'"
		clean "$tmp"
	else
		is "$1" 3 '*' "$2"
	fi
}

# as_nobody COMMAND...: without privileges
nobody=
if ! $root; then
	nobody='env'
elif have setpriv && setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$prog" 2>/dev/null; then
	nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
fi

run "$prog" --version
case $status in
0) ;;
*) quit "$given --version: exit $status: $(brief "$err")" ;;
esac

### Bad input

arguments() {
	usage='mmprobe --help says more$'
	bad "^mmprobe: nothing is asked for: .*$usage"
	bad "^mmprobe: nothing is asked for: .*$usage" --
	bad "^mmprobe: nothing is asked for: .*$usage" -v -j2
	bad '^mmprobe: there is no option --al; is it --all?$' --al
	bad '^mmprobe: there is no option --jbos; is it --jobs?$' --jbos=3
	bad "^mmprobe: there is no option --xyzzyq; $usage" --xyzzyq
	# How exec() of a script starts the program is nothing for a user.
	for t in '0 1 5000 7' '1 0 5000 7' '8 9 5000 7' 'a b c d' '- - - -'; do
		# shellcheck disable=SC2086
		bad "^mmprobe: there is no option --under-test; $usage" --under-test $t
	done
	run_piped "$prog" --under-test 0 1 5000 7
	is '--under-test with pipes of a user' 2 "^mmprobe: there is no option --under-test; $usage" ''
	bad "^mmprobe: there is no option -x; $usage" -x
	bad "^mmprobe: there is no option -x; $usage" -vx --all
	bad "^mmprobe: there is no probe 'ofset'; near it: offset$" ofset
	bad "^mmprobe: there is no probe 'acess_empty'; near it: .*access_empty" acess_empty
	bad "^mmprobe: there is no probe 'xyzzyx'; mmprobe --list names them$" xyzzyx
	bad "^mmprobe: there is no probe '--all'; mmprobe --list names them$" -- --all
	bad "^mmprobe: there is no probe 'ofset'; near it: offset$" --show ofset
	bad "^mmprobe: there is no probe ''; mmprobe --list names them$" ''
	bad "^mmprobe: there is no probe '-'; mmprobe --list names them$" -
	bad "^mmprobe: there is no probe 'aaaa*'; mmprobe --list names them$" "$(printf '%03000d' 0 | tr 0 a)"
	bad "^mmprobe: no probe and no topic matches 'zz\*'$" --list 'zz*'
	bad '^mmprobe: an argument is missing behind --run' --run
	bad '^mmprobe: an argument is missing behind --show' --show
	bad '^mmprobe: an argument is missing behind --dir' --all --dir
	bad '^mmprobe: an argument is missing behind -e' -e
	bad '^mmprobe: an argument is missing behind -vj' --all -vj
	bad '^mmprobe: --all takes no argument$' --all=3
	bad '^mmprobe: only one of --all, ' --all --list
	bad '^mmprobe: only one of --all, ' offset --all
	bad '^mmprobe: only one of --all, ' -e 'value(1)' --run "$tmp"
	bad "^mmprobe: an argument too many: offset; $usage" --all offset
	bad "^mmprobe: an argument too many: b; $usage" --list a b
	bad "^mmprobe: --all: .*\|^mmprobe: an argument too many: --list; $usage" --all -- --list

	bad "^mmprobe: offset: '2' is one argument too many: it takes off$" offset 1 2
	bad "^mmprobe: mode: 'mode=0' is one argument too many: it takes mode, share, prot$" mode O_RDONLY mode=0
	bad '=mmprobe: offset, argument 1:1:3: an expression is missing
    1+
      ^' offset 1+
	bad '=mmprobe: offset, argument 1:1:2: an expression is missing
    (
     ^' offset '('
	bad "=mmprobe: offset, argument 1:1:1: the number does not fit in 64 bits, at '99999999999999999999'
    99999999999999999999
    ^" offset 99999999999999999999
	bad "^mmprobe: mode, argument 2:1:1: no variable, parameter or symbol has that name, at 'FOO'$" mode O_RDONLY FOO
	bad "^mmprobe: offset, argument 1:1:1: no variable.* (is it O_RDONLY?), at 'O_RDONYL'$" offset O_RDONYL
	bad '^mmprobe: offset, argument 1:1:1: off is a number, not a text$' offset '"text"'
	bad "^mmprobe: offset, argument 1:1:1: no variable, .*, at 'bogus'$" offset bogus=3
	bad '^mmprobe: offset, argument 1:1:[0-9]*: ' offset ''
	bad '^mmprobe: offset, argument 1:1:[0-9]*: ' offset 'off='
	bad '^mmprobe: offset, argument 1:1:[0-9]*: ' offset '1 2'
	bad '^mmprobe: offset, argument 1:1:' offset "$(printf '%05000d' 0 | tr 0 '(')"
	bad '^mmprobe: offset, argument 1:1:' offset "$(printf '%03000d' 0 | tr 0 '~')"

	for t in 0 0.001 3601 1e300 nan inf -1 x 1x ''; do
		bad "^mmprobe: --timeout takes seconds, from 0.01 to 3600, not '$t'$" --all "--timeout=$t"
	done
	for t in 0 65 -1 4x x '' 99999999999999999999; do
		bad "^mmprobe: --jobs takes a number from 1 to 64, not '$t'$" --all -j "$t"
	done
	for t in red '' Always; do
		bad "^mmprobe: --color takes always, auto or never, not '$t'$" "--color=$t" --all
	done
	for t in 1999 '' posix2001 20011; do
		bad "^mmprobe: --posix takes 2001, 2008 or 2024, not '$t'$" --all --posix "$t"
	done
}

scripts() {
	cd "$work/cwd" || exit 2
	printf '# a comment\nfd = open("data", O_RDWR, 0600)\n  posix: ok\np = maap(NULL, 1)\n' >bad.probe
	at="4:5: no call has that name (is it mmap?), at 'maap'
    p = maap(NULL, 1)
        ^"
	bad "=bad.probe:$at" --run bad.probe
	bad "=$work/cwd/bad.probe:$at" --run "$work/cwd/bad.probe"
	run sh -c '"$1" --run - <bad.probe' sh "$prog"
	is 'an error in a script from standard input' 2 '' "=standard input:$at"
	# A ';' ends a line.
	bad "=-e:2:2: no call has that name, at 'blah'
     blah(2)
     ^" -e 'value(1); blah(2)'
	bad '^-e:1:[0-9]*: ' -e 'value(1'
	bad '^-e:1:[0-9]*: .*or' -e 'value(1) = EINVAL | EACCES'
	bad '^-e:1:[0-9]*: .*64 bits' -e 'value(99999999999999999999)'
	bad '^-e:1:[0-9]*: ' -e 'value(FOO)'
	bad '^-e:1:[0-9]*: ' -e 'value("x)'
	bad '^-e:1:1: there is nothing in it to run' -e ''
	bad '^-e:1:1: there is nothing in it to run' -e '# nothing'
	printf 'probe a "x"\nvalue(1)\nprobe b "y"\nvalue(1)\n' >two.probe
	bad '^mmprobe: two.probe holds several probes, so arguments belong to none$' --run two.probe 1

	: >empty
	bad '^empty:1:1: there is nothing in it to run' --run empty
	bad '^standard input:1:1: there is nothing in it to run' --run -
	printf 'load(\0p)\n' >nul
	bad '^nul:1:6: a byte that is no text' --run nul
	printf '\0\0\0\0' >nul
	bad '^nul:1:1: a byte that is no text' --run nul
	printf 'value(1)\r\n' >crlf
	run "$prog" --run crlf
	is 'a script with CR LF' '0 2' '*' '*'
	printf 'value(1)' >unended
	good 'a script whose last line does not end' noted --run unended
	head -c 900000 /dev/zero | tr '\0' a >line
	bad '^line:1:1: the line holds more than 4096 characters, blanks and comments aside' --run line
	[ "$(wc -c <"$err")" -lt 500 ] || wrong "an endless line: a message of $(wc -c <"$err") bytes"
	head -c 1000000 /dev/zero | tr '\0' '\n' >lines
	bad '^lines:[0-9]*:1: there is nothing in it to run' --run lines
	head -c 1100000 /dev/zero | tr '\0' '\n' >huge
	bad '^mmprobe: huge is longer than 1024 KiB' --run huge
	[ ! -c /dev/zero ] || bad '^mmprobe: /dev/zero is longer than 1024 KiB' --run /dev/zero
	run sh -c 'while echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; do :; done 2>/dev/null |
		"$1" --run -' sh "$prog"
	is 'an endless script from standard input' 2 '' '^mmprobe: standard input is longer than 1024 KiB'
	bad '^mmprobe: nosuch cannot be read: ' --run nosuch
	bad '^mmprobe: / cannot be read: ' --run /
	run sh -c '"$1" --run - </' sh "$prog"
	is 'a directory as standard input' 2 '' '^mmprobe: standard input cannot be read: '
	if [ -n "$nobody" ]; then
		cp unended secret
		chmod 000 secret
		run $nobody "$prog" --run secret
		is 'a script that cannot be read' 2 '' '^mmprobe: secret cannot be read: Permission denied$'
	else
		skip 'a script that cannot be read: no setpriv'
	fi

	if [ -c /dev/urandom ]; then
		i=0
		while [ $i -lt 20 ]; do
			i=$((i + 1))
			head -c $((i * i * 50)) /dev/urandom >junk
			# Every second one of the bytes of the language alone.
			if [ $((i % 2)) -eq 1 ]; then
				tr -dc 'a-g01 (),:=|*"+\n' <junk >junk2
				mv junk2 junk
			fi
			run "$prog" --run junk
			is "bytes at random $(head -c 40 junk | od -A n -t x1 | tr -d '\n')" 2 '' '^junk:[0-9]*:[0-9]*: '
			if tr -d '[:print:]\t\n' <"$err" | grep -q .; then
				wrong "bytes at random: stderr has bytes that are no text: $(od -c "$err" | head -n 5)"
			fi
		done
	else
		skip 'bytes at random: no /dev/urandom'
	fi
}

### No way to work

trouble() {
	run "$prog" --all --dir "$work/nosuch"
	is '--dir that does not exist' 3 '' "^mmprobe: no directory can be made in $work/nosuch: No such file"
	run "$prog" offset -d "$prog"
	is '--dir that is a file' 3 '' "^mmprobe: no directory can be made in $prog: Not a directory"
	run "$prog" --all --dir ''
	is '--dir with an empty name' '2 3' '' '^mmprobe: '
	run env TMPDIR="$work/nosuch" "$prog" --all
	is 'TMPDIR that does not exist' 3 '' "^mmprobe: no directory can be made in $work/nosuch: No such file"
	run env TMPDIR="$(printf '%05000d' 0 | sed 's/0/a\//g')" "$prog" --all
	is 'TMPDIR with a name too long' 3 '' '^mmprobe: no directory can be made in a/a/.*: File name too long$'
	if [ -n "$nobody" ]; then
		mkdir "$work/locked"
		chmod 555 "$work/locked"
		run $nobody "$prog" --all --dir "$work/locked"
		is '--dir that cannot be written' 3 '' "^mmprobe: no directory can be made in $work/locked: Permission denied$"
	else
		skip '--dir that cannot be written: no setpriv'
	fi

	mounts=
	for mounts in 'unshare -m' 'unshare -rm' ''; do
		[ -z "$mounts" ] || $mounts mount -t tmpfs -o size=8k none "$work/cwd" 2>/dev/null && break
	done
	if [ -n "$mounts" ]; then
		mkdir "$work/full"
		for args in --all offset '--all -j3'; do
			# shellcheck disable=SC2016,SC2086
			run $mounts sh -c 'mount -t tmpfs -o size=8k none "$1" && dir=$1 && shift && "$@" --dir "$dir"
				s=$?; ls -A "$dir"; exit $s' sh "$work/full" "$prog" $args
			is "$args on a full disk" 3 '' "^mmprobe: in $work/full no file of [0-9]* KiB can be written: No space left on device$"
		done
		# shellcheck disable=SC2016
		run $mounts sh -c 'mount -t tmpfs -o nr_inodes=1 none "$1" && "$2" --all --dir "$1"' sh "$work/full" "$prog"
		is 'a disk without inodes' 3 '' "^mmprobe: no directory can be made in $work/full: No space left on device$"
		# shellcheck disable=SC2016
		run $mounts sh -c 'mount -t tmpfs -o size=2m none "$1" && "$2" --all --dir "$1"; s=$?; ls -A "$1"; exit $s' sh \
			"$work/full" "$prog"
		is 'a small disk' 0 '^[0-9]* cases of ' ''
	else
		skip 'a full disk: no tmpfs can be mounted'
	fi

	if [ -n "$nobody" ] && have prlimit; then
		for n in 0 1; do
			for args in '--all -j1' '--all -j4' offset; do
				# shellcheck disable=SC2086
				run $nobody prlimit --nproc=$n "$prog" $args
				is "at most $n processes, $args" 3 '*' '^mmprobe: no process can be started: '
			done
		done
		for n in 2 3 4 6; do
			run $nobody prlimit --nproc=$n "$prog" --all -j4
			same_or_trouble "at most $n processes" '^mmprobe: no process can be started: ' "$work/base-nobody"
		done
	else
		skip 'no processes left: no setpriv or prlimit'
	fi
}

### Output that goes nowhere

lost_output() {
	for args in --all '--all -j1' offset --list --help --version '--show offset' '-e value(1)'; do
		# "-e value(1)" is two words.
		# shellcheck disable=SC2016,SC2086
		run sh -c 'exec "$@" >&-' sh "$prog" $args
		is "$args, standard output closed" 3 '' '^mmprobe: standard output is closed: Bad file descriptor$'
		if [ -c /dev/full ]; then
			# shellcheck disable=SC2016,SC2086
			run sh -c 'exec "$@" >/dev/full' sh "$prog" $args
			is "$args >/dev/full" 3 '' '^mmprobe: standard output: No space left on device$'
		fi
	done
	[ -c /dev/full ] || skip 'a device that is full: no /dev/full'
	run sh -c 'exec "$@" 2>&-' sh "$prog" --al
	is 'a bad option, standard error closed' 2 '' ''
	run sh -c 'exec "$@" 2>/dev/full' sh "$prog" --al
	is 'a bad option, standard error full' 2 '' ''

	# The pipe has no reader any more when the report comes.
	if [ -n "$defaults" ]; then
		for args in --all '--all -j1' offset --list; do
			for reader in : 'head -c 1'; do
				# shellcheck disable=SC2086
				{
					[ "$reader" != : ] || sleep 0.05
					$defaults $limit "$prog" $args 2>"$err"
					echo $? >"$work/status"
				} | $reader >/dev/null
				status=$(cat "$work/status")
				: >"$out"
				case $reader in
				:) is "$args, a pipe nobody reads" 141 '' '' ;;
				*) is "$args | $reader" '141 0' '' '' ;;
				esac
			done
		done
	else
		skip 'SIGPIPE: no env --default-signal'
	fi
	for args in --all '--all -j1' offset --list; do
		# shellcheck disable=SC2086
		(
			trap '' PIPE
			{
				sleep 0.05
				$limit "$prog" $args 2>"$err"
				echo $? >"$work/status"
			} | :
		)
		status=$(cat "$work/status")
		: >"$out"
		is "$args, a pipe nobody reads, SIGPIPE ignored" 3 '' '^mmprobe: standard output: Broken pipe$'
	done
}

### Interrupted

# interrupt SIGNAL DELAY [group] -- COMMAND...: how it ended: "signal N" or "exit N"
cat >"$work/interrupt.pl" <<'PERL'
use strict;
use POSIX;
my ($name, $delay, $group, @command) = @ARGV;
my $pid = fork;
if ($pid == 0) {
	setpgrp 0, 0;
	$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE CHLD);
	exec { $command[0] } @command;
	POSIX::_exit(127);
}
setpgrp $pid, $pid;
select undef, undef, undef, $delay;
kill $name, $group ? -$pid : $pid;
$SIG{ALRM} = sub { kill 'KILL', $pid; print "still there after 5 s\n"; exit };
alarm 5;
waitpid $pid, 0;
print $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8), "\n";
PERL

interrupt() {
	if have perl; then
		perl "$work/interrupt.pl" "$@"
	else
		name=$1 delay=$2
		shift 3
		timeout --preserve-status -k 5 -s "$name" "$delay" "$@"
		set -- $?
		if [ "$1" -gt 128 ]; then
			echo "signal $(($1 - 128))"
		else
			echo "exit $1"
		fi
	fi
}

# Is a process of the program there? Those that were killed may take a moment to go.
gone() {
	for t in 1 2 3 4 5 6 7 8 9 10; do
		ps -A -o pid= -o args= >"$work/ps"
		grep -F -e "$prog" "$work/ps" >"$work/left" || return 0
		sleep 0.1
	done
	while read -r pid t; do
		kill -9 "$pid"
	done <"$work/left"
	return 1
}

number() {
	case $1 in
	HUP) echo 1 ;;
	INT) echo 2 ;;
	TERM) echo 15 ;;
	esac
}

# A script that never ends.
hanging() {
	cat <<'PROBE'
fd = open("data", O_RDWR|O_CREAT, 0600)
ftruncate(fd, PAGE)
p = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, fd, 0)
kid = fork()
kid: race(p, 1 << 40) = "kept"
PROBE
}

interrupts() {
	if ! have ps || ! have perl && [ -z "$limit" ]; then
		skip 'signals: no ps, or neither perl nor timeout'
		return
	fi
	gone || wrong "processes of the checks before are left: $(brief "$work/left")"

	hanging >one.probe
	for name in a b c; do
		printf 'probe %s "hangs"\neach n = 1, 2, 3\n' $name
		hanging
	done >several.probe

	# All at once, each with a directory of its own: they do nothing but wait.
	waits=
	for signal in INT TERM HUP; do
		for to in '' group; do
			for args in 'one -j1' 'several -j1' 'several -j3'; do
				id="$signal-$to-$args"
				mkdir "$work/stop $id"
				(
					TMPDIR="$work/stop $id"
					# shellcheck disable=SC2086
					set -- --run $args
					interrupt $signal 0.4 "$to" "$prog" --run "${2%% *}.probe" "$3" >"$work/how $id" 2>"$work/err $id"
					ls -A "$TMPDIR" >"$work/left $id"
				) &
				waits="$waits $!"
			done
		done
	done
	# shellcheck disable=SC2086
	wait $waits
	for signal in INT TERM HUP; do
		for to in '' group; do
			for args in 'one -j1' 'several -j1' 'several -j3'; do
				id="$signal-$to-$args"
				how=$(tail -n 1 "$work/how $id")
				if [ "$how" != "signal $(number "$signal")" ]; then
					wrong "SIG$signal ${to:+to the group }in a script that hangs, $args: $how, not signal $(number "$signal");" \
						"stderr '$(brief "$work/err $id")'"
				elif [ -s "$work/left $id" ] || [ -s "$work/err $id" ]; then
					wrong "SIG$signal ${to:+to the group }in a script that hangs, $args: left '$(brief "$work/left $id")'," \
						"stderr '$(brief "$work/err $id")'"
				else
					pass
				fi
				chmod -R u+rwx "$work/stop $id"
				rm -rf "$work/stop $id"
			done
		done
	done
	if gone; then
		pass
	else
		wrong "processes are left of scripts that were interrupted: $(brief "$work/left")"
	fi

	# While everything runs, from before the start to behind the end.
	awk 'BEGIN { srand(); for (i = 0; i < 24; ++i) printf "%.4f\n", rand() * 0.1 }' >delays
	killed=0 i=0
	while read -r delay; do
		i=$((i + 1))
		case $((i % 3)) in
		0) signal=INT ;;
		1) signal=TERM ;;
		2) signal=HUP ;;
		esac
		case $((i % 4)) in
		0) to='' jobs=-j1 ;;
		1) to='' jobs=-j4 ;;
		2) to=group jobs=-j1 ;;
		3) to=group jobs=-j4 ;;
		esac
		# Not into a pipe: what is left of the program would keep it open.
		interrupt "$signal" "$delay" "$to" "$prog" --all "$jobs" >"$work/how" 2>"$err"
		how=$(tail -n 1 "$work/how")
		what="SIG$signal ${to:+to the group }after $delay s of --all $jobs"
		case $how in
		"signal $(number "$signal")") killed=$((killed + 1)) ;;
		'exit 0') ;;
		*) wrong "$what: $how, not signal $(number "$signal"); stderr '$(brief "$err")'"
			clean "$tmp"
			continue ;;
		esac
		status=0
		: >"$out"
		is "$what" 0 '' ''
	done <delays
	if gone; then
		pass
	else
		wrong "processes are left of --all that was interrupted: $(brief "$work/left")"
	fi
	if [ $killed -gt 0 ]; then
		pass
	else
		wrong 'of 24 runs of --all none was interrupted'
	fi

	# Workers that wait until the supervisor takes what they wrote must end too: it sleeps until their pipes are full.
	{
		for name in a b c; do
			echo "each $name = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
		done
		for t in 1 2 3 4 5 6 7 8; do
			echo 'value(a)'
		done
	} >many.probe
	"$prog" --run many.probe -j2 >"$out" 2>"$err" &
	hanging=$!
	sleep 0.05
	kill -STOP $hanging
	sleep 0.7
	kill -TERM $hanging
	kill -CONT $hanging
	if gone; then
		wait $hanging
		status=$?
		is 'SIGTERM while workers wait' 143 '*' ''
	else
		wrong "SIGTERM while workers wait: it does not end: $(brief "$work/left")"
		wait $hanging 2>/dev/null
		clean "$tmp"
	fi

	if mkfifo fifo 2>/dev/null; then
		# Both ends are open here, so nothing comes and no end.
		interrupt TERM 0.2 '' "$prog" --run - <>fifo >"$out" 2>"$err"
		status=0
		is 'SIGTERM while a script is read' 0 '=signal 15' ''
		gone || wrong "a process is left that read a script: $(brief "$work/left")"
	fi
	if env --block-signal=TERM true 2>/dev/null; then
		interrupt TERM 0.2 '' env --block-signal "$prog" --run one.probe >"$out" 2>"$err"
		status=0
		is 'SIGTERM, inherited as blocked' 0 '=signal 15' ''
		gone || wrong "processes are left of a script that got SIGTERM: $(brief "$work/left")"
	fi
	if [ -r /proc/self/limits ] && sh -c '[ "$(ulimit -H -c)" != 0 ]' 2>/dev/null; then
		# shellcheck disable=SC2016
		sh -c 'ulimit -c "$(ulimit -H -c)"; exec "$@"' sh "$prog" --run one.probe >"$out" 2>"$err" &
		hanging=$!
		sleep 0.3
		ps -A -o pid= -o args= >"$work/ps"
		grep -F -e "$prog" "$work/ps" | while read -r pid t; do
			grep 'Max core file size' "/proc/$pid/limits" 2>/dev/null
		done >"$work/limits"
		kill -TERM $hanging
		wait $hanging 2>/dev/null
		status=$?
		is 'SIGTERM to a script that hangs, started by the shell' 143 '' ''
		n=$(grep -c '^Max core file size  *0  ' "$work/limits")
		t=$(wc -l <"$work/limits")
		if [ "$n" -eq "$t" ] && [ "$n" -ge 2 ]; then
			pass
		else
			wrong "a script that hangs: $n of $t processes cannot leave a core file, not all, at least two"
		fi
	fi
	# Ignored by nohup: such a signal stays ignored.
	# shellcheck disable=SC2016
	run sh -c 'trap "" HUP; "$1" --all & sleep 0.02; kill -HUP $!; wait $!' sh "$prog"
	same 'SIGHUP ignored'
}

### Inherited trouble

inherited() {
	for t in CHLD ALL; do
		if env --ignore-signal=CHLD true 2>/dev/null; then
			if [ $t = ALL ]; then
				run env --ignore-signal "$prog" --all
				same "SIG$t ignored"
			else
				few env --ignore-signal=$t
				same_few "SIG$t ignored"
			fi
		fi
	done
	for t in SEGV,BUS,ALRM ALL; do
		if env --block-signal=SEGV true 2>/dev/null; then
			if [ $t = ALL ]; then
				run env --block-signal "$prog" --all -j1
				same "SIG$t blocked"
			else
				few env --block-signal=$t
				same_few "SIG$t blocked"
			fi
		fi
	done
	env --ignore-signal=CHLD --block-signal=SEGV true 2>/dev/null || skip 'signals ignored and blocked: no env --ignore-signal'

	for t in '<&-' '2>&-'; do
		few sh -c "exec \"\$@\" $t" sh
		same_few "$t"
	done
	run sh -c 'exec "$@" <&- 2>&-' sh "$prog" --all
	same '--all <&- 2>&-'
	run sh -c 'exec "$@" <&- 2>&-' sh "$prog" --all -j1
	same '--all -j1 <&- 2>&-'
	for t in '>&-' '<&- >&-'; do
		run sh -c "exec \"\$@\" $t" sh "$prog" --all
		is "--all $t" 3 '' '^mmprobe: standard output is closed: '
	done
	for t in '>&- 2>&-' '<&- >&- 2>&-'; do
		run sh -c "exec \"\$@\" $t" sh "$prog" --all
		is "--all $t" 3 '' ''
	done
	# A message must not get into the file that became descriptor 2.
	run sh -c 'exec "$@" 2>&-' sh "$prog" --all --dir "$work/nosuch"
	is '--dir that does not exist, standard error closed' 3 '' ''

	if have prlimit; then
		run_piped prlimit --fsize=0:0 "$prog" --all
		# One who may raise limits gets the report.
		same_or_trouble 'no file may grow' '*'
		[ "$status" -eq 0 ] || is 'no file may grow: why' 3 '^mmprobe: files may not grow to 16 MiB (ulimit -f): ' ''
		run_piped prlimit --fsize=0: "$prog" --run "$work/sample.probe"
		same_few 'no file may grow, but the limit can be raised'
		run prlimit --fsize=0:0 "$prog" --al
		is 'a bad option when no file may grow, the message neither' 2 '' ''
		run prlimit --fsize=0:0 "$prog" --all
		is '--all when no file may grow, the report neither' 3 '' ''
		for t in '5 -j1' '20 -j4' '64 -j1' '64 -j16' '70 -j16'; do
			run prlimit --nofile="${t% *}:${t% *}" "$prog" --all "${t#* }"
			same_or_trouble "at most ${t% *} descriptors, ${t#* }" \
				'^mmprobe: .*descriptor\|^mmprobe: no pipe can be made\|^mmprobe: no directory'
		done
		for t in 5 64; do
			few prlimit --nofile=$t:
			same_few "at most $t descriptors, but the limit can be raised"
		done
		few prlimit --core=0:0
		same_few 'no core files'
		mkdir "$work/core"
		# shellcheck disable=SC2016
		run sh -c 'ulimit -c "$(ulimit -H -c)"; cd "$1" && shift && exec "$@"' sh "$work/core" "$prog" --all
		same 'core files allowed'
		clean "$work/core" || wrong "core files allowed: there is $left"
	else
		skip 'limits: no prlimit'
	fi

	run env -i "$prog" --all --dir "$tmp"
	same 'an empty environment'
	few env LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8
	same_few 'a Turkish locale'
	few env LC_ALL=nonsense TZ=:nonsense
	same_few 'a locale that does not exist'

	# shellcheck disable=SC2016
	if cd /proc 2>/dev/null; then
		run "$prog" --all
		same 'a working directory that cannot be written'
		cd "$work/cwd" || exit 2
	fi
	mkdir "$work/removed"
	# shellcheck disable=SC2016
	run sh -c 'cd "$1" && rmdir "$1" && shift && exec "$@"' sh "$work/removed" "$prog" --all
	same 'a working directory that was removed'
	mkdir "$work/removed"
	# shellcheck disable=SC2016
	run sh -c 'cd "$1" && rmdir "$1" && shift && exec "$@"' sh "$work/removed" "$prog" --all --dir .
	is '--dir . where that was removed' 3 '' '^mmprobe: no directory can be made in .: No such file'

	for t in 000 222 777; do
		# shellcheck disable=SC2016
		run sh -c 'umask "$1"; shift; exec "$@"' sh $t "$prog" --all
		same_or_trouble "umask $t" '^mmprobe: '
		# Root may read and write what this takes away; a report as root was compared above.
		if $root && [ -n "$nobody" ] && [ $t != 000 ]; then
			# shellcheck disable=SC2016
			run $nobody sh -c 'umask "$1"; shift; exec "$@"' sh $t "$prog" --all
			same_or_trouble "umask $t, not root" '^mmprobe: ' "$work/base-nobody"
		fi
	done

	if have perl; then
		# shellcheck disable=SC2016
		run perl -e '$^F = 10000; for (1 .. 150) { open $f[$_], "<", "/" or die }; exec { $ARGV[0] } @ARGV' "$prog" --all
		same '150 descriptors inherited open'
		# shellcheck disable=SC2016
		run perl -e '$^F = 10000; for (1 .. 400) { open $f[$_], "<", "/" or die }; exec { $ARGV[0] } @ARGV' "$prog" --all
		same_or_trouble '400 descriptors inherited open' '^mmprobe: too many descriptors are open'
		# shellcheck disable=SC2016
		run perl -e 'exec { $ARGV[0] } "", "--run", $ARGV[1]' "$prog" "$work/sample.probe"
		same_few 'an empty argv[0]'
	else
		skip 'descriptors inherited open, an empty argv[0]: no perl'
	fi

	deep=$tmp
	for t in 1 2 3 4 5 6 7 8 9 10; do
		deep="$deep/it's  a \"deep\" directory, with \$blanks\\ and \`quotes\` %s $t"
	done
	mkdir -p "$deep"
	run env TMPDIR="$deep" "$prog" --all
	left=$(ls -A "$deep")
	rm -rf "${tmp:?}"/*
	[ -z "$left" ] || wrong "left in a deep TMPDIR: $left"
	sed 2d "$work/base" >"$work/base-deep"
	sed 2d "$out" >"$work/out2"
	mv "$work/out2" "$out"
	same 'a deep TMPDIR with blanks and quotes' "$work/base-deep"

	no_dev=
	# shellcheck disable=SC2016
	if bwrap --ro-bind / / --tmpfs /dev true 2>/dev/null; then
		no_dev='bwrap --ro-bind / / --bind "$0" "$0" --tmpfs /dev "$@"'
	elif unshare -m sh -c 'mount -t tmpfs none /dev' 2>/dev/null; then
		no_dev='unshare -m sh -c '"'"'mount -t tmpfs none /dev && exec "$@"'"'"' sh "$@"'
	fi
	if [ -z "$no_dev" ]; then
		skip 'no /dev: neither bwrap nor mount'
	else
		run sh -c "exec $no_dev" "$work" "$prog" --all
		# Probes of devices cannot put their question there. The others do not notice.
		if grep -q -e violation -e surprise "$out"; then
			wrong "no /dev: exit $status: $(grep -e violation -e surprise "$out" | head -n 3 | tr '\n' '/')"
		else
			is 'no /dev' '0 3' '^[0-9]* cases of ' ''
		fi
		awk '/^unresolved / { if (name !~ /^dev_/) print name; next } /^[a-z0-9_]+   [^ ]/ { name = $1 }' "$out" >"$work/rest"
		if [ -s "$work/rest" ]; then
			wrong "no /dev: unresolved, though it needs none: $(brief "$work/rest")"
		else
			pass
		fi
		run sh -c "exec $no_dev" "$work" "$prog" offset
		is 'a probe without /dev' 0 '^ok ' ''
	fi
}

### Output

output() {
	good '--help' '^Exit status: 0 nothing amiss' --help
	good '-h behind others' '^Exit status: 0 nothing amiss' --all -h
	good '--version' '^mmprobe [0-9]*\.[0-9]' -V
	run "$prog" --all
	same '--all once more'
	grep -q "$esc" "$out" && wrong "colour codes in a file"
	run_piped "$prog" --all
	same 'the same words in a pipe and in a file'
	run "$prog" --run "$work/sample.probe" --color=never
	same_few '--color=never'
	few env NO_COLOR=1
	same_few 'NO_COLOR'
	for t in --color --color=always; do
		run "$prog" --run "$work/sample.probe" $t
		grep -q "$esc\[[0-9;]*mok$esc\[0m" "$out" || wrong "$t: no verdict has a colour: $(brief "$out")"
		sed "s/$esc\[[0-9;]*m//g" "$out" >"$work/out2"
		mv "$work/out2" "$out"
		same_few "$t but for the colours"
	done
	# Many of the other checks are of the same report, too.
	for t in -j1 -j2 -j4; do
		run "$prog" --all $t
		same "--all $t"
	done
	good '--all -q' '' --all -q
	good 'offset -q' '' offset -q
	run "$prog" -q -e 'value(1) = 2'
	is '-q of a violation' 1 '^violation' ''
	good '--all -v' '^ok ' --all -v
	for t in 2001 2008 2024; do
		good "--all --posix=$t" '^[0-9]* cases of ' --all --posix=$t
	done

	good "--list 'unmap*'" '^  unmap_zero ' --list 'unmap*'
	grep -v '^  *unmap\|^[a-z]*$\|^          ' "$out" >"$work/left" && wrong "--list 'unmap*' names $(brief "$work/left")"
	good '--list arguments' '^  offset \[off=1000\] ' --list arguments
	grep '^[a-z]' "$out" >"$work/left"
	[ "$(cat "$work/left")" = arguments ] || wrong "--list arguments: topics $(brief "$work/left")"
	good '--list=offset' '^  offset \[off=1000\] ' --list=offset
	good '--list and options' '^  offset ' --list -v
	good '--list' '^arguments$' --list
	sed -n 's/^  \([a-z][a-z0-9_]*\).*/\1/p' "$out" >names
	cmp -s names "$work/names" || wrong "--list: other names than before: $(diff names "$work/names" | head -n 3)"

	good 'offset -1' '^     off=-1, page ' offset -1
	good 'offset -PAGE' '^     off=-PAGE, page ' offset -PAGE
	good 'offset -- -PAGE' '^     off=-PAGE, page ' offset -- -PAGE
	good '-- offset -PAGE' '^     off=-PAGE, page ' -- offset -PAGE
	good 'offset off=1000' '^     off=1000, page ' offset off=1000
	good 'offset 1000 is EINVAL on Linux or not at all' '^  p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, off)  *= ' offset 1000
	good 'options behind a probe' '' offset 1000 -q -j1 --color=never
	good 'mode O_RDONLY MAP_SHARED PROT_WRITE' '^  p = mmap(NULL, PAGE, prot, share, fd, 0)  *= EACCES$' mode O_RDONLY MAP_SHARED \
		PROT_WRITE
	good 'a script with an argument' '^  value(n)  *= 7$' -e 'param n = 1; value(n)' 7
	picture='^      load   |ok      |ok      |SIGBUS  |SIGBUS  |SIGSEGV |$'
	page=$(getconf PAGE_SIZE 2>/dev/null || echo 4096)
	case $page,$(uname -s) in
	4096,Linux) good 'access 6000 4' "$picture" access 6000 4
		good 'access 6000 4' '^      file   |########|####----|        |        |        |$' access 6000 4 ;;
	*) skip 'the picture of access 6000 4: pages of another size' ;;
	esac

	if script --version 2>/dev/null | grep -q util-linux; then
		for t in C C.UTF-8; do
			env LC_ALL=$t script -qec "$prog access 6000 4" /dev/null </dev/null >"$out" 2>"$err"
			status=$?
			tr -d '\r' <"$out" >"$work/tty"
			cp "$work/tty" "$out"
			is "a terminal, LC_ALL=$t: the verdict has a colour" 0 "^$esc\[[0-9;]*mok$esc\[0m " ''
			if [ $t = C ]; then
				"$prog" access 6000 4 >"$work/pipe"
				sed "s/$esc\[[0-9;]*m//g" "$work/tty" | cmp -s - "$work/pipe" ||
					wrong "a terminal, LC_ALL=C: not the words of a pipe"
			elif [ "$page" -eq 4096 ]; then
				is "a terminal, LC_ALL=$t: the picture is in Unicode" 0 "$(printf \
					'^      file   \342\224\202\342\226\210\342\226\210\342\226\210\342\226\210\342\226\210')" ''
			fi
		done
		for t in 'NO_COLOR=1 ' '--color=never'; do
			case $t in
			NO*) env NO_COLOR=1 script -qec "$prog access 6000 4" /dev/null >"$out" </dev/null ;;
			*) script -qec "$prog $t access 6000 4" /dev/null >"$out" </dev/null ;;
			esac
			if grep -q "$esc" "$out" || ! grep -q '^ok ' "$out"; then
				wrong "$t on a terminal: $(brief "$out")"
			else
				pass
			fi
		done
	else
		skip 'a terminal: no script of util-linux'
	fi
}

### Each probe that is shown can be run

# Beside the other checks, as it takes a while: a line for each check that failed, at the end the numbers.
every_probe() {
	heavy=0 passed=0 failed=0
	mkdir "$work/every" "$work/every/tmp"
	cd "$work/every" || exit 2
	TMPDIR=$work/every/tmp
	while read -r name; do
		shown=$($limit "$prog" --show "$name" 2>&1)
		status=$?
		case $status$shown in
		"0probe $name \""*) pass ;;
		*) wrong "--show $name: exit $status, '$shown'" ;;
		esac
		case $shown in
		*'
tag'*heavy*) heavy=$((heavy + 1)) ;;
		*) printf '%s\n' "$shown" >"$name.probe" ;;
		esac
	done <"$work/names"
	cat ./*.probe >together
	shown=$($limit "$prog" -q --run together 2>&1)
	status=$?
	if [ "$status$shown" = 0 ]; then
		pass
	else
		wrong "--run of what --show printed of all: exit $status, $shown"
		# Which of them it is.
		for file in ./*.probe; do
			shown=$($limit "$prog" -q --run "$file" 2>&1)
			status=$?
			case $status$shown in
			0 | '3mmprobe: every case is unsupported here') ;;
			*) wrong "--run of what --show ${file%.probe} printed: exit $status, $shown" ;;
			esac
		done
	fi
	n=$(($(wc -l <"$work/names") - heavy))
	if grep -q "^[0-9]* cases of $n probes: " "$work/base"; then
		pass
	else
		wrong "--list names $n probes that are not heavy, --all says: $(grep ' cases of ' "$work/base")"
	fi
	clean "$TMPDIR" || wrong "--run of what --show printed left $left"
	echo $passed $failed >"$work/counts"
}

### Exit statuses

statuses() {
	run "$prog" -e 'value(1) = 2'
	is 'a false posix claim' 1 '^violation ' ''
	run "$prog" -e 'value(1); posix: 1; linux: 2'
	case $(uname -s) in
	Linux) is 'a false claim of the platform' 1 '^surprise ' ''
		run "$prog" -e 'value(1); posix: 2; linux deviates: 1 "known"'
		is 'a known deviation' 0 '^deviates ' ''
		run "$prog" -e 'value(1); posix: 2; linux deviates: 3 "known"'
		is 'another deviation than the known' 1 '^violation ' '' ;;
	esac
	run "$prog" -e 'value(1); folklore: 2; posix: 1'
	is 'tutorials are wrong' 0 '^ok ' ''
	run "$prog" -e 'fd = open("nope", O_RDONLY); load(fd) = 0'
	is 'a set-up that failed' 3 '^unresolved ' ''
	hanging >one.probe
	run "$prog" -t 0.1 --run one.probe
	is 'a step that hangs' '1 3' 'hung\|hang\|no answer' ''
	run "$prog" -e 'need 0 "never"; value(1) = 1'
	is 'everything unsupported' 3 '^unsupported   never$' '^mmprobe: every case is unsupported here$'
	run "$prog" -e 'each n = 0, 1; need n; value(1) = 1'
	is 'one case unsupported, one ok' 0 'unsupported' ''
	run "$prog" -e 'value(1); posix: ?'
	is 'nobody claims anything' 0 '^noted ' ''
	run "$prog" -e 'value(1)'
	is 'no claims' 0 '^noted ' ''
	run "$prog" -e 'each n = 0, 1; fd = open("nope", n*O_CREAT|O_RDWR, 0600); size(fd) = 1'
	is 'one case unresolved, one a violation' 1 '^violation ' ''
	printf 'probe a "x"\nvalue(1) = 1\nprobe b "y"\nvalue(1) = 2\n' >two.probe
	run "$prog" --run two.probe
	is 'one probe ok, one a violation' 1 '^violation ' ''
}

# The supervisor's own memory; what a process under test maps for a question is not its.
memory() {
	[ -r /proc/self/status ] || return
	most=0
	"$prog" --all -j1 >/dev/null 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		n=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$pid/status" 2>/dev/null)
		[ "${n:-0}" -le "$most" ] || most=$n
	done
	wait $pid
	if [ "$most" -gt 0 ] && [ "$most" -lt 4096 ]; then
		pass
	else
		wrong "--all -j1 takes up to $most KiB of memory, not less than 4096"
	fi
}

defaults=
if env --default-signal=PIPE true 2>/dev/null; then
	defaults='env --default-signal=PIPE'
fi

run "$prog" --all
report "$out" >"$work/base"
is '--all' 0 '^[0-9]* cases of [0-9]* probes: ' ''
if [ -n "$nobody" ]; then
	run $nobody "$prog" --all
	report "$out" >"$work/base-nobody"
	is '--all, not root' 0 '^[0-9]* cases of ' ''
else
	skip '--all, not root: no setpriv'
fi

"$prog" --list | sed -n 's/^  \([a-z][a-z0-9_]*\).*/\1/p' >"$work/names"
# What starts programs, and of the others one of each ten.
awk 'NR % 10 == 1 || /^exec_/' "$work/names" | while read -r name; do
	"$prog" --show "$name" >"$work/shown"
	grep -q '^tag.*heavy' "$work/shown" || cat "$work/shown"
done >"$work/sample.probe"
chmod 644 "$work/sample.probe"
few
report "$out" >"$work/base-few"
is 'a sample of the probes' 0 '^[0-9]* cases of [0-9]* probes: ' ''
every_probe >"$work/every-probe" &
every=$!
arguments
scripts
trouble
lost_output
inherited
output
statuses
wait $every
every=
cat "$work/every-probe"
read -r n t <"$work/counts"
passed=$((passed + n)) failed=$((failed + t))
# These look for processes that are left.
interrupts
memory

printf '%d passed, %d failed' $passed $failed
[ $skipped -eq 0 ] || printf ', %d skipped' $skipped
echo
[ $failed -eq 0 ]
