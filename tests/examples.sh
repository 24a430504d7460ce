#!/bin/sh
# examples.sh MMPROBE DOCUMENT...
#
# Runs the examples of the documents (manual pages in mdoc, and README.md) and compares what they print.
#
# An example stands in a literal block: between ".Bd -literal" and ".Ed" in a manual page, between ``` lines in README.md.
#
#   "$ mmprobe ..."   A command line, run by the shell in a directory that all examples share, as "mmprobe" the program
#                     given. Lines that begin with "> " continue it. What follows, to the next "$ " line or the end of the
#                     block, is what it prints, on both outputs. Its exit status must be 0, or what a "$ echo $?" behind it
#                     shows. Nothing may be left in TMPDIR.
#   "probe ..."       A block that begins so is a script. It is given to "mmprobe --run -" and must exit 0, or N where it
#                     holds the comment "# exit N".
#   anything else     is not run.
#
# What is printed must be what the document says, but for
#   a line "..."                        which stands for any lines, also for none
#   "page 4096, Linux ..."              the closing line of a case: compared up to "page", so that it does not matter who
#                                       runs it, and where
#   "was  Linux ...   (FILE)"           the two first lines of a comparison: the word and what stands in brackets
#   blanks at the end of a line
#
# The documents show Linux with pages of 4096 bytes. Elsewhere the examples are run, and what is asked of them is not to be
# refused as wrong (exit 2) and not to crash.
set -u

me=examples.sh

fail() {
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
}

[ $# -ge 2 ] || fail "usage: $me MMPROBE DOCUMENT..."
case $1 in
*/*) program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;;
*) program=$(command -v "$1") || fail "$1: not found" ;;
esac
[ -x "$program" ] || fail "$program cannot be run"
shift

work=${TMPDIR:-/tmp}/mmprobe-examples.$$
(umask 077 && mkdir "$work" "$work/examples" "$work/here" "$work/tmp") || fail "no directory can be made in ${TMPDIR:-/tmp}"
work=$(cd "$work" && pwd)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Writes N.kind (command, script), N.where, N.in, N.want, N.status for each example of a document; prints the last N.
extract() {
	awk -v to="$work/examples" -v n="$2" '
	function plain(s) {
		if (markdown)
			return s
		gsub(/\\&/, "", s)
		gsub(/\\\(aq/, "\047", s)
		gsub(/\\\(dq/, "\"", s)
		gsub(/\\\(ga/, "`", s)
		gsub(/\\\(ha/, "^", s)
		gsub(/\\\(ti/, "~", s)
		gsub(/\\-/, "-", s)
		gsub(/\\e/, "\\", s)
		return s
	}
	function end_example() {
		if (kind == "command" || kind == "script") {
			file = to "/" n
			printf "%s\n", kind > (file ".kind")
			printf "%s\n", status > (file ".status")
			printf "%s:%d\n", name, line > (file ".where")
			printf "%s", input > (file ".in")
			printf "%s", want > (file ".want")
			close(file ".kind"); close(file ".status"); close(file ".where"); close(file ".in"); close(file ".want")
		}
		kind = ""
	}
	function begin_example(what, s) {
		end_example()
		++n
		kind = what
		input = s "\n"
		want = ""
		status = 0
		line = FNR
	}
	BEGIN { kind = "" }
	FNR == 1 { name = FILENAME; sub(/.*\//, "", name); markdown = name ~ /\.md$/ }
	!inside && (markdown ? /^```/ : /^\.Bd .*-literal/) { inside = 1; first = 1; next }
	inside && (markdown ? /^```/ : /^\.Ed/) { end_example(); inside = 0; next }
	!inside { next }
	{ s = plain($0) }
	first && s ~ /^probe / { begin_example("script", s); first = 0; next }
	{ first = 0 }
	kind == "script" {
		input = input s "\n"
		if (s ~ /^# exit [0-9]+$/)
			status = substr(s, 8)
		next
	}
	s == "$ echo $?" { if (kind == "command") { kind = "status"; next } }
	kind == "status" { status = s; kind = "command"; end_example(); next }
	s ~ /^\$ mmprobe( |$)/ { begin_example("command", substr(s, 3)); next }
	s ~ /^\$ / { end_example(); next }
	kind == "command" && want == "" && s ~ /^> / { input = input substr(s, 3) "\n"; next }
	kind == "command" { want = want s "\n" }
	END { end_example(); print n }
	' "$1"
}

# What is compared of a text.
comparable() {
	sed -e 's/[ 	]*$//' \
	    -e 's/^\(     .*\)page [0-9][0-9]*, .*/\1page/' \
	    -e 's/^\(was\)  .*, page .* \(([^(]*)\)$/\1 \2/' \
	    -e 's/^\(now\)  .*, page .* \(([^(]*)\)$/\1 \2/' "$1"
}

# Whether the lines of the second file are those of the first, where "..." is any lines.
same() {
	awk '
	FNR == NR { want[++w] = $0; next }
	{ got[++g] = $0 }
	END {
		i = j = 1
		star = 0
		while (j <= g) {
			if (i <= w && want[i] == "...") {
				star = i++
				back = j
			} else if (i <= w && want[i] == got[j]) {
				++i
				++j
			} else if (star) {
				i = star + 1
				j = ++back
			} else {
				exit 1
			}
		}
		while (i <= w && want[i] == "...")
			++i
		exit i <= w
	}' "$1" "$2"
}

# Called by the examples, through eval.
# shellcheck disable=SC2317,SC2329
mmprobe() {
	"$program" "$@"
}

# Runs an example; what it prints goes to standard output. Its exit status.
run() {
	(
		unset NO_COLOR GITHUB_ACTIONS GITHUB_STEP_SUMMARY
		TMPDIR=$work/tmp
		export TMPDIR
		cd "$work/here" || exit 99
		if [ "$(cat "$1.kind")" = script ]; then
			mmprobe --run - <"$1.in"
		else
			eval "$(cat "$1.in")" </dev/null
		fi
	) 2>&1
}

report() {
	failed=$((failed + 1))
	ok=0
	printf 'FAILED %s: %s\n' "$(cat "$example.where")" "$*"
	sed 's/^/    | /' "$example.in"
}

check() {
	ok=1
	run "$example" >"$example.out"
	got=$?
	want=$(cat "$example.status")
	if [ "$here" = elsewhere ]; then
		if [ "$got" -gt 3 ] || { [ "$got" -eq 2 ] && [ "$want" -ne 2 ]; }; then
			report "exit status $got"
		fi
	else
		comparable "$example.want" >"$example.want2"
		comparable "$example.out" >"$example.out2"
		if [ "$(cat "$example.kind")" = command ] && ! same "$example.want2" "$example.out2"; then
			report "the output differs (- the document, + the program)"
			diff -u "$example.want2" "$example.out2" | sed -e 1,2d -e 's/^/    /'
		elif [ "$got" -ne "$want" ]; then
			report "exit status $got, not $want"
			sed 's/^/    /' "$example.out"
		fi
	fi
	if [ -n "$(ls -A "$work/tmp")" ]; then
		[ "$ok" = 0 ] || report "something is left in TMPDIR"
		ls -lA "$work/tmp"
		rm -rf "$work/tmp"
		mkdir "$work/tmp"
	fi
	[ "$ok" = 0 ] || passed=$((passed + 1))
}

here=elsewhere
[ "$(uname -s)" = Linux ] && [ "$(getconf PAGESIZE)" = 4096 ] && here=documented
last=0 passed=0 failed=0
for document in "$@"; do
	[ -r "$document" ] || fail "$document cannot be read"
	last=$(extract "$document" "$last") || fail "$document cannot be read"
done
i=1
while [ "$i" -le "$last" ]; do
	example=$work/examples/$i
	check
	i=$((i + 1))
done
if [ "$last" -lt 10 ]; then
	failed=$((failed + 1))
	printf 'only %d examples were found; there should be 10 or more\n' "$last"
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
