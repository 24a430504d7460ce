#!/bin/sh
# completions.sh MMPROBE COMPLETIONS
#
# The completions of the shells, in the shells: each of bash, zsh and fish that is here is asked what it offers behind the
# beginnings of commands. Nothing is installed. A shell that is missing is named, and skipped; where MMPROBE_TESTS_STRICT is 1,
# that is a failure. Prints a line for each check that failed and at the end the counts. Exit status: 0 when none failed.
set -u

me=completions.sh
if [ $# -ne 2 ]; then
	echo "usage: $me MMPROBE COMPLETIONS" >&2
	exit 2
fi
prog=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
completions=$(cd "$2" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/mmprobe-completions.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/bin" "$work/home" "$work/here"
ln -s "$prog" "$work/bin/mmprobe"
PATH=$work/bin:$PATH HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_DATA_HOME=$work/home LC_ALL=C TERM=dumb
export PATH HOME XDG_CONFIG_HOME XDG_DATA_HOME LC_ALL TERM completions work
cd "$work/here" || exit 2
mkdir 'dir one'
: >'report one'
: >report.two
unset CDPATH

# What is offered behind a beginning of a command, a line each, sorted.

cat >"$work/ask.bash" <<'EOF'
set -u
. "$completions/mmprobe.bash"
compopt() { :; }        # which only readline can do
# Words as readline breaks them: at blanks and around '='.
line=$1
COMP_WORDS=() word='' here=''
for ((n = 0; n < ${#line}; ++n)); do
	c=${line:n:1}
	case $c in
	' ') [ -z "$here" ] || COMP_WORDS+=("$word"); word='' here='' ;;
	=) [ -z "$here" ] || COMP_WORDS+=("$word"); COMP_WORDS+=(=); word='' here='' ;;
	*) word+=$c here=1 ;;
	esac
done
case $line in
*=) ;;
*) COMP_WORDS+=("$word") ;;
esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_mmprobe
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
EOF

# zsh offers nothing without a terminal, so it gets one, and a widget that writes what compadd is given.
cat >"$work/ask.zsh" <<'EOF'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= RPS1= PROMPT_EOL_MARK=; unsetopt prompt_cr prompt_sp zle_bracketed_paste 2>/dev/null
fpath=($completions $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
	local -a given
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	builtin compadd -A given "$@"
	print -rl -- $given >>$work/offered
	builtin compadd "$@"
}
ask() { _main_complete; compstate[insert]= compstate[list]=; : >$work/done }
zle -C ask complete-word ask
bindkey "^X" ask
: >$work/ready'
wait_for() { local i; for ((i = 0; i < 500; ++i)); do [[ -e $1 ]] && return; sleep .02; done; print "no answer"; exit 1 }
wait_for $work/ready
: >$work/offered
sleep .1
zpty -w -n z $1$'\030'
wait_for $work/done
cat $work/offered
EOF

offers() { # shell, line
	rm -f "$work/ready" "$work/done" "$work/offered"
	case $1 in
	bash) bash --norc --noprofile "$work/ask.bash" "$2" ;;
	zsh) zsh -f "$work/ask.zsh" "$2" | sed 's/\\//g; /^$/d' ;;
	fish) fish -N -c "source '$completions/mmprobe.fish'; complete -C '$2'" | cut -f 1 ;;
	esac 2>"$work/errors" | sort -u
	cat "$work/errors"
}

passed=0 failed=0 skipped=0

check() { # what, file with what is offered, file with what should be
	if cmp -s "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n' "$1"
		diff "$3" "$2" | head -n 12 | sed 's/^/    /'
	fi
}

# behind SHELL LINE WORD...: exactly those words are offered.
behind() {
	shell=$1 line=$2
	shift 2
	for word; do
		echo "$word"
	done | sort -u >"$work/want"
	offers "$shell" "$line" >"$work/got"
	check "$shell: '$line'" "$work/got" "$work/want"
}

probes() {
	mmprobe --list | awk '/^  [a-z]/ { print $1 }' | grep "^$1" | sort -u
}

ask_shell() {
	# All that the program has.
	mmprobe --help | grep '^  *-' | grep -o -e '--[a-z]*' | sort -u >"$work/want"
	offers "$1" 'mmprobe --' | sed 's/=$//' | sort -u >"$work/got"
	check "$1: every option of --help" "$work/got" "$work/want"
	probes '' >"$work/want"
	offers "$1" 'mmprobe ' >"$work/got"
	check "$1: every probe of --list" "$work/got" "$work/want"
	probes access_t >"$work/want"
	offers "$1" 'mmprobe -v access_t' >"$work/got"
	check "$1: probes behind an option" "$work/got" "$work/want"
	offers "$1" 'mmprobe -d /tmp access_t' >"$work/got"
	check "$1: probes behind an option's argument" "$work/got" "$work/want"
	offers "$1" 'mmprobe --show access_t' >"$work/got"
	check "$1: probes to show" "$work/got" "$work/want"
	offers "$1" 'mmprobe --explain access_t' >"$work/got"
	check "$1: probes to explain" "$work/got" "$work/want"
	behind "$1" 'mmprobe --explain offset o' off=
	behind "$1" 'mmprobe --list zzz'
	behind "$1" 'mmprobe --list folkl' folklore
	behind "$1" 'mmprobe --he' --heavy --help
	behind "$1" 'mmprobe access ' pages= size=
	behind "$1" 'mmprobe access s' size=
	behind "$1" 'mmprobe offset o' off=
	behind "$1" 'mmprobe --all '
	behind "$1" 'mmprobe --format js' json jsonl
	behind "$1" 'mmprobe -f tap' tap tap13
	behind "$1" 'mmprobe --posix ' 2001 2008 2024
	behind "$1" 'mmprobe -t '
}

# The values that are not in --list must be those that the program takes.
for f in text tap tap13 json jsonl junit github markdown; do
	mmprobe -q -f $f offset >/dev/null 2>"$work/got"
	: >"$work/want"
	check "the program knows the format $f" "$work/got" "$work/want"
done
mmprobe --help | sed -n 's/^  -f, --format NAME *//p' | sed 's/ or / /; s/,//g' | tr ' ' '\n' >"$work/got"
printf '%s\n' text tap tap13 json jsonl junit github markdown >"$work/want"
check "the formats of --help" "$work/got" "$work/want"

for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		echo "SKIPPED: $shell is not here (apt-get install $shell)"
		skipped=$((skipped + 1))
		continue
	fi
	ask_shell $shell
	case $shell in
	bash)
		behind bash 'mmprobe --run rep' 'report one' report.two
		behind bash 'mmprobe --compare report.two r' 'report one' report.two
		behind bash 'mmprobe --save=r' 'report one' report.two
		behind bash 'mmprobe --dir d' 'dir one'
		behind bash 'mmprobe --color=a' always auto
		behind bash 'mmprobe --color=' always auto never
		behind bash 'mmprobe --format=js' json jsonl
		behind bash 'mmprobe --show=offset_m' offset_max
		behind bash 'mmprobe access size=6 p' pages=
		behind bash 'mmprobe --color offset_m' offset_max ;;
	zsh)
		behind zsh 'mmprobe --run rep' 'report one' report.two
		behind zsh 'mmprobe --compare report.two r' 'report one' report.two
		behind zsh 'mmprobe --color=a' always auto
		behind zsh 'mmprobe --format=js' json jsonl
		behind zsh 'mmprobe --color offset_m' offset_max ;;
	fish)
		behind fish 'mmprobe --run rep' 'report one' report.two
		behind fish 'mmprobe --compare report.two r' 'report one' report.two
		behind fish 'mmprobe --dir d' 'dir one/'
		behind fish 'mmprobe --color=a' --color=always --color=auto
		behind fish 'mmprobe --format=js' --format=json --format=jsonl ;;
	esac
done

printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d shells missing' "$skipped"
echo
[ "$failed" -eq 0 ] || exit 1
[ "$skipped" -eq 0 ] || [ "${MMPROBE_TESTS_STRICT:-}" != 1 ] || exit 1
exit 0
