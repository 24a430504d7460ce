#!/bin/sh
# includes.sh DIR: which file of the sources may include what. Each breach is a line, and the status is 1.
# includes.sh --test: that this script finds a breach of each rule, in small trees made for it.

# A header, and the only files that may include it; a * stands for any part of a name.
only='
sys/mman.h      symbols.c perform_memory.c perform_race.c
pthread.h       fault.c subject.c perform_race.c perform_thread.c
setjmp.h        fault.c
signal.h        symbols.c fault.c perform_signal.c process.c subject.c supervisor.c workers.c
sys/wait.h      process.c subject.c workers.c perform_process.c perform_race.c
poll.h          process.c workers.c
extensions.h    symbols.c platform.c affinity.c attribute.c perform_*.c
symbols.table   symbols.c
probes.table    catalogue.c
catalogue.h     catalogue.c outputs.c session.c mmprobe.c
options.h       options.c outputs.c session.c mmprobe.c
workers.h       workers.c session.c
process.h       process.c workers.c perform_race.c session.c
supervisor.h    supervisor.c process.c subject.c workers.c input.c outputs.c session.c mmprobe.c
scratch.h       scratch.c process.c subject.c session.c
attribute.h     attribute.c perform_inode.c scratch.c
affinity.h      affinity.c process.c workers.c perform_race.c session.c
fault.h         fault.c process.c subject.c perform_*.c
perform.h       calls.c fault.c process.c subject.c perform.c perform_*.c
subject.h       subject.c process.c mmprobe.c
repro.h         repro.c repro_call.c repro_expr.c repro_files.c repro_head.c repro_helpers.c repro_main.c repro_race.c repro_step.c repro_turns.c session.c
run.h           repro.c repro_call.c repro_expr.c repro_files.c repro_head.c repro_helpers.c repro_main.c repro_race.c repro_step.c repro_turns.c run.c report.c brief.c reason.c text.c tap.c json.c json_outcome.c junit.c github.c markdown.c table.c save.c record.c playback.c session.c explain.c advice.c cause.c
explain.h       explain.c advice.c cause.c mmprobe.c
pagemap.h       pagemap.c text.c
json.h          json.c json_outcome.c
reason.h        reason.c text.c github.c
brief.h         brief.c reason.c tap.c json.c json_outcome.c junit.c github.c markdown.c
utf8.h          utf8.c saved.c tap.c json.c json_outcome.c junit.c github.c markdown.c
parse.h         parse.c script.c claim.c
lex.h           lex.c expr.c repro_expr.c run.c record.c parse.h
'

# Files, and the headers that they must not see, not even through others.
never='
calls.c fault.c process.c subject.c perform.c perform_*.c scratch.c supervisor.c workers.c affinity.c attribute.c | script.h expr.h lex.h parse.h report.h judge.h run.h catalogue.h
outcome.h calls.h fault.h process.h platform.h perform.h subject.h | script.h expr.h lex.h parse.h report.h judge.h run.h catalogue.h
text.c tap.c json.c json_outcome.c junit.c github.c markdown.c brief.c reason.c table.c report.c pagemap.c save.c explain.c advice.c cause.c | process.h fault.h scratch.h supervisor.h workers.h catalogue.h parse.h
record.c compare.c playback.c | process.h fault.h scratch.h supervisor.h workers.h catalogue.h
repro.c repro_call.c repro_expr.c repro_files.c repro_head.c repro_helpers.c repro_main.c repro_race.c repro_step.c repro_turns.c | process.h fault.h scratch.h supervisor.h workers.h catalogue.h parse.h options.h
judge.c script.c claim.c print.c | run.h report.h process.h fault.h scratch.h catalogue.h
expr.c lex.c | script.h parse.h judge.h run.h report.h platform.h process.h
symbols.c util.c util.h utf8.c utf8.h | script.h expr.h lex.h judge.h run.h report.h platform.h process.h calls.h
options.c | script.h run.h report.h process.h platform.h
'

# What a file includes itself, a name a line.
included() {
	sed -n 's/^[ 	]*#[ 	]*include[ 	]*[<"]\([^>"]*\)[>"].*/\1/p' "$1"
}

# What each file sees: that, and what those of our headers include; a line a file, its name first.
seen() {
	for path in "$dir"/*.[ch]; do
		[ -f "$path" ] || continue
		printf '%s' "${path##*/}"
		included "$path" | tr '\n' ' ' | sed 's/^/ /; s/ *$//'
		echo
	done | awk '
		{ file[NR] = $1; for (i = 2; i <= NF; ++i) own[$1] = own[$1] " " $i }
		function look(name, of,    part, n, i) {
			n = split(own[name], part, " ")
			for (i = 1; i <= n; ++i) {
				if ((of, part[i]) in known)
					continue
				known[of, part[i]] = 1
				all = all " " part[i]
				look(part[i], of)
			}
		}
		END { for (k = 1; k <= NR; ++k) { all = ""; look(file[k], file[k]); print file[k] all " " } }'
}

# among FILE PATTERNS
among() {
	set -f
	for pattern in $2; do
		# shellcheck disable=SC2254 # it is one
		case $1 in
		$pattern) set +f; return 0 ;;
		esac
	done
	set +f
	return 1
}

check_only() {
	for path in "$dir"/*.[ch]; do
		included "$path" | sed "s|^|${path##*/} |"
	done >"$notes"
	echo "$only" | while read -r header allowed; do
		[ -n "$header" ] || continue
		sed -n "s|^\([^ ]*\) $header\$|\1|p" "$notes" | while read -r file; do
			among "$file" "$allowed" || echo "$file includes $header, which only $allowed may"
		done
	done
}

check_never() {
	seen >"$notes"
	echo "$never" | while read -r line; do
		[ -n "$line" ] || continue
		while read -r file headers; do
			among "$file" "${line%%|*}" || continue
			for header in ${line#*|}; do
				case " $headers " in
				*" $header "*) echo "$file sees $header, which it must not" ;;
				esac
			done
		done <"$notes"
	done
}

# A file that no rule knows of could be one that breaks them all: at least the system's dangerous headers are known above.
check() {
	dir=$1
	[ -f "$dir/util.h" ] || { echo "$dir holds no sources"; return 1; }
	notes=$(mktemp) || exit 1
	breaches=$(check_only; check_never)
	rm -f "$notes"
	[ -z "$breaches" ] && return 0
	echo "$breaches"
	return 1
}

# A tree in which one file includes one thing more than it may.
expect_breach() {
	rm -f "$tree"/*
	: > "$tree/util.h"
	printf '#include "expr.h"\n' > "$tree/script.h"
	printf '#include "script.h"\n' > "$tree/other.h"
	printf '%s\n' "$2" > "$tree/$1"
	if check "$tree" > /dev/null; then
		echo "'$2' in $1 is not found"
		failed=1
	fi
}

expect_peace() {
	rm -f "$tree"/*
	: > "$tree/util.h"
	printf '%s\n' "$2" > "$tree/$1"
	check "$tree" || { echo "'$2' in $1 is taken for a breach"; failed=1; }
}

self_test() {
	tree=$(mktemp -d) || exit 1
	failed=0
	expect_breach text.c '#include <sys/mman.h>'
	expect_breach process.c '#include <sys/mman.h>'
	expect_breach perform_file.c '#include <sys/mman.h>'
	expect_breach perform_access.c '#include "script.h"'
	expect_breach run.c '#include "subject.h"'
	expect_breach new.c '#  include <setjmp.h>   /* why not */'
	expect_breach run.c '#include <signal.h>'
	expect_breach supervisor.c '#include <poll.h>'
	expect_breach calls.c '#include <sys/wait.h>'
	expect_breach calls.c '#include "script.h"'
	expect_breach calls.c '#include "other.h"'
	expect_breach fault.c '#include "expr.h"'
	expect_breach process.c '#include "report.h"'
	expect_breach outcome.h '#include "lex.h"'
	expect_breach text.c '#include "process.h"'
	expect_breach judge.c '#include "run.h"'
	expect_breach run.c '#include "process.h"'
	expect_breach run.c '#include "catalogue.h"'
	expect_breach util.h '#include "symbols.h"
#include "expr.h"'
	expect_breach json.c '#include "fault.h"'
	expect_peace symbols.c '#include <sys/mman.h>'
	expect_peace text.c '#include <string.h>
/* #include <sys/mman.h> */'
	expect_peace fault.c '#include <setjmp.h>
#include <signal.h>'
	rm -rf "$tree"
	return $failed
}

if [ "$1" = --test ]; then
	self_test
else
	check "${1:?a directory is missing}"
fi
