#!/bin/sh
# formats.sh MMPROBE [CHECK_FORMATS]
#
# The reports for other programs, read by such programs: prove, xmllint, a validator of JSON Schema, GitHub's reader of
# Markdown. CHECK_FORMATS prints a report on outcomes that no platform gives when it is asked to.
#
# Nothing is installed. What is missing is named, and what it would have read is skipped; where MMPROBE_TESTS_STRICT is 1, that
# is a failure. Prints a line for each check that failed and at the end the counts. Exit status: 0 when none failed.
# shellcheck disable=SC2317  # check() calls functions by their names
set -u

me=formats.sh

quit() {
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
}

if [ $# -ne 1 ] && [ $# -ne 2 ]; then
	quit "usage: $me MMPROBE [CHECK_FORMATS]"
fi
if [ ! -f "$1" ] || [ ! -x "$1" ]; then
	quit "$1 cannot be run"
fi
here=$(cd "$(dirname "$0")" && pwd)
prog=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
samples=
[ $# -eq 1 ] || samples=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")

work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-formats.XXXXXX") || quit "no directory can be made in ${TMPDIR:-/tmp}"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit 2
mkdir tmp probes
TMPDIR=$work/tmp
export TMPDIR
unset NO_COLOR GITHUB_ACTIONS GITHUB_STEP_SUMMARY

passed=0 failed=0 skipped=0

wrong() {
	failed=$((failed + 1))
	printf 'FAILED: %s\n' "$*"
}

# check NAME COMMAND...: the command succeeds; else what it says is shown.
check() {
	checked=$1
	shift
	if "$@" >said 2>&1; then
		passed=$((passed + 1))
	else
		wrong "$checked"
		head -n 12 said | cut -c 1-400 | sed 's/^/    /'
	fi
}

# needs COMMAND WHAT PACKAGE: is it here? It is asked once a reader.
needs() {
	if sh -c "$1" >/dev/null 2>&1; then
		return 0
	fi
	skipped=$((skipped + 1))
	printf 'SKIPPED: %s, for want of a reader (Debian: apt-get install %s)\n' "$2" "$3"
	return 1
}

# A python that has the module, before another.
python=python3
for p in python3 /usr/bin/python3; do
	if "$p" -c 'import jsonschema' 2>/dev/null; then
		python=$p
		break
	fi
done

ask() {
	"$python" "$here/formats.py" "$@"
}

fails() {
	! "$@"
}

# The time is all that may differ, and what was seen of a race.
without_time() {
	sed 's/"seconds":[0-9.]*/"seconds":0/; s/ time="[0-9.]*"/ time="0"/
		s/"type":"set","value":"[^"]*","text":"[^}]*}/"type":"set"}/g' "$1"
}

same() {
	without_time "$1" >one
	without_time "$2" >two
	cmp one two
}

# report FORMAT NAME ARGUMENT...: the report in FORMAT is NAME.FORMAT; how the program ended, NAME.status
report() {
	format=$1 as=$2
	shift 2
	"$prog" --format "$format" "$@" >"$as.$format" 2>"$as.err"
	echo $? >"$as.status"
	[ ! -s "$as.err" ] || wrong "$format report on $as: $(head -n 1 "$as.err")"
}

ended() {
	[ "$(cat "$1.status")" = "$2" ] || { echo "status $(cat "$1.status"), not $2"; return 1; }
}

formats='tap tap13 json jsonl junit github markdown'

# What is reported: everything; one case that is all right, one that is not; evil texts from a file with an evil name.
evil='evil <b>&"|%,: $.probe'
good='close(9) = EBADF'
bad='fd = open("data|<&>", O_RDWR|O_CREAT, 0600); close(fd) = EBADF'
[ -z "$(command -v "$python")" ] || ask evil >"$evil"
for format in $formats; do
	report "$format" all --all
	report "$format" good -e "$good"
	check "$format: all is well" ended good 0
	report "$format" bad -e "$bad"
	check "$format: a violation" ended bad 1
	if [ -s "$evil" ]; then
		report "$format" evil --run "$evil"
		check "$format: evil texts" ended evil 1
	fi
	[ -z "$samples" ] || "$samples" "$format" >"samples.$format" || wrong "$format: no samples"
done
reports='good bad'
[ ! -s "$evil" ] || reports="$reports evil"
[ -z "$samples" ] || reports="$reports samples"

# The same wherever it goes, and however many work on it.
for format in $formats; do
	"$prog" --all --format "$format" --output file >out 2>&1
	check "$format: to a file" same "all.$format" file
	check "$format: nothing beside the file" test ! -s out
	"$prog" --all --format "$format" -v --color | cat >piped
	check "$format: in a pipe, with -v and --color" same "all.$format" piped
	"$prog" --all --format "$format" -q --jobs 1 >single
	check "$format: one by one, with -q" same "all.$format" single
done
if needs 'script -qec true /dev/null' 'the reports on a terminal' bsdutils; then
	for format in $formats; do
		report "$format" mode mode
		script -qec "'$prog' mode --format $format" /dev/null </dev/null | tr -d '\r' >terminal
		check "$format: on a terminal" same "mode.$format" terminal
	done
fi

# Annotations by themselves, in the log of a workflow and nowhere else.
GITHUB_ACTIONS=true "$prog" -e "$bad" >chosen
check 'annotations in a workflow' cmp chosen bad.github
GITHUB_ACTIONS=true "$prog" -f text -e "$bad" >chosen
check 'a named format in a workflow' grep -q '^violation' chosen
GITHUB_ACTIONS=true "$prog" -o chosen -e "$bad"
check 'a file in a workflow' grep -q '^violation' chosen
GITHUB_ACTIONS=false "$prog" -e "$bad" >chosen
check 'no workflow' grep -q '^violation' chosen
GITHUB_ACTIONS=true "$prog" --list >chosen
check 'a list in a workflow' fails grep -q '^::' chosen

# TAP. Many a prove refuses version 14 for its number; what else the two formats tell is the same.
for r in all $reports; do
	sed '1s/ 13$/ 14/' "$r.tap13" >renamed
	check "tap: $r is tap13, but for the version" cmp renamed "$r.tap"
done
if needs 'prove --version' 'TAP' perl; then
	check 'tap: prove agrees that all is well' prove --exec cat good.tap13
	check 'tap: prove finds the violation' fails prove --exec cat bad.tap13
	printf '%s\n' "$good" >good.probe
	check 'tap: prove runs a script' prove --exec "$prog --format tap13 --run" good.probe
	# All is well on this platform for prove if and only if it is for the program.
	prove --exec cat all.tap13 >said 2>&1
	verdict=$?
	if [ "$(cat all.status)" -eq 0 ]; then
		check 'tap: prove on everything' test "$verdict" -eq 0
	else
		check 'tap: prove on everything' test "$verdict" -ne 0
	fi
	head -n 3 all.tap13 >cut.tap
	check 'tap: prove misses what was cut off' fails prove --exec cat cut.tap
	if printf 'TAP version 14\nok 1\n1..1\n' >new.tap && prove --exec cat new.tap >said 2>&1; then
		check 'tap: prove reads version 14' prove --exec cat good.tap
	fi
	for r in all $reports; do
		check "tap: $r is parsed" perl "$here/formats.pl" "$r.tap13"
		cp said "$r.cases"
		check "tap: $r is complete" fails grep -e '^block missing' -e '^no ' -e '^error' "$r.cases"
		grep -c '"verdict"' "$r.jsonl" >wanted
		grep -c -e '^ok ' -e '^not ok ' -e '^skip ' "$r.cases" >found
		check "tap: $r has every case" cmp wanted found
	done
	cat >wanted <<-'END'
	not ok 1
	  by posix
	  expected EBADF
	  got 0
	  message POSIX does not allow what was seen
	  step close(fd)
	  verdict violation
	END
	check 'tap: the block' cmp wanted bad.cases
	if [ -s "$evil" ]; then
		ask note >wanted
		sed -n 's/^  note //p' evil.cases | head -n 1 >found
		check 'tap: an evil note arrives whole' cmp wanted found
		sed 's/ [0-9]*$//; s/^skip .*/skip/' evil.cases | grep -v '^  ' >found
		printf '%s\n' 'not ok' 'not ok' 'not ok' skip ok ok >wanted
		check 'tap: evil texts are no directives' cmp wanted found
	fi
fi

# JSON
if needs "$python -c 'import jsonschema'" JSON 'python3 python3-jsonschema'; then
	for r in all $reports; do
		check "json: $r and its schema" ask schema "$here/report.schema.json" "$r.json"
	done
	sed -n 's/.*"probe":"\([a-z0-9_]*\)".*/\1/p' all.json | sort -u >names
	while read -r probe; do
		"$prog" --format json "$probe" >"probes/$probe.json" </dev/null 2>err
	done <names
	check 'json: every probe and its schema' ask schema "$here/report.schema.json" probes/*.json
	# The schema is strict: what was changed is found.
	for change in 's/"verdict":"ok"/"verdict":"good"/' 's/"met":true/"met":1/' 's/"topic"/"subject"/' 's/"page":[0-9]*/"page":"4K"/' \
	    's/"how":"failed","errno":"EBADF"/"how":"failed","errno":9/' 's/{"by"/{"extra":1,"by"/' 's/"ok":1/"ok":2/' 's/,"note":null//' \
	    's/"schema":1/"schema":2/'; do
		sed "$change" good.json >changed.json
		check "json: $change changes something" fails cmp -s good.json changed.json
		check "json: $change is found" fails ask schema "$here/report.schema.json" changed.json
	done
fi
if needs "$python --version" 'JSON, JUnit, GitHub, Markdown' python3; then
	for r in all $reports; do
		check "jsonl: $r" ask lines "$r.jsonl" "$r.json"
		check "junit: $r" ask junit "$r.junit" "$r.json"
		check "github: $r" ask github "$r.github" "$r.json"
		check "markdown: $r" ask markdown "$r.markdown" "$r.json"
	done
	check 'json: evil texts arrive whole' ask evil_json evil.json
	"$prog" --all -v >all.text
	check 'json: what the text tells' ask text all.json all.text
	if needs 'cmark-gfm --version' 'Markdown as a page' cmark-gfm; then
		for r in all $reports; do
			cmark-gfm --unsafe -e table -e strikethrough -e autolink "$r.markdown" >page.html
			check "markdown: $r as a page" ask page page.html "$r.json"
		done
	fi
fi

# JUnit
if needs 'xmllint --version' JUnit libxml2-utils; then
	for r in all $reports; do
		check "junit: $r and its schema" xmllint --noout --nonet --schema "$here/junit.xsd" "$r.junit"
	done
	for change in 's/ tests="1"//' 's/testcase/case/g' 's/ classname="[^"]*"//' 's/message="[^"]*"//' 's/<failure/<failing/; s/failure>/failing>/'; do
		sed "$change" bad.junit >changed.junit
		check "junit: $change is found" fails xmllint --noout --nonet --schema "$here/junit.xsd" changed.junit
	done
fi

check 'nothing is left behind' test -z "$(ls -A tmp)"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d readers missing' "$skipped"
echo
[ "$failed" -eq 0 ] || exit 1
[ "$skipped" -eq 0 ] || [ "${MMPROBE_TESTS_STRICT:-}" != 1 ] || exit 1
exit 0
