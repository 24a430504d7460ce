# bash completion of mmprobe: its options are those of --help, its probes and their parameters those of --list.

# Offers the lines of standard input that begin with the word.
_mmprobe_offer()
{
	local line
	while IFS= read -r line; do
		case $line in
		"$1"*) COMPREPLY+=("$line") ;;
		esac
	done
}

# Files, or with -d directories.
_mmprobe_files()
{
	compopt -o filenames 2>/dev/null
	_mmprobe_offer "$2" < <(compgen "$1" -- "$2")
}

_mmprobe_options()
{
	"$1" --help 2>/dev/null | awk '/^  +-/ {
		for (i = 1; $i ~ /^-/; ++i) { sub(/,$/, "", $i); sub(/\[.*/, "", $i); print $i } }'
}

_mmprobe_probes()
{
	"$1" --list 2>/dev/null | awk '/^  [a-z]/ { print $1 }'
}

_mmprobe_topics()
{
	"$1" --list 2>/dev/null | awk '/^[a-z]/ { print $1 }'
}

# The parameters of a probe, as words to put a value behind.
_mmprobe_parameters()
{
	"$1" --list "$2" 2>/dev/null | awk -v probe="$2" '/^  [a-z]/ && $1 == probe {
		rest = substr($0, length(probe) + 3)
		while (match(rest, /^ \[[A-Za-z_0-9]+/)) {
			print substr(rest, 3, RLENGTH - 2) "="
			rest = substr(rest, index(rest, "]") + 1)
		}
	}'
}

_mmprobe()
{
	local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} prev='' before='' asked='' probe='' skip='' equal='' word i

	COMPREPLY=()
	[ "$COMP_CWORD" -lt 1 ] || prev=${COMP_WORDS[COMP_CWORD-1]}
	[ "$COMP_CWORD" -lt 2 ] || before=${COMP_WORDS[COMP_CWORD-2]}
	# bash breaks words at '=', so --option=value is three.
	if [ "$cur" = = ]; then
		equal=1 cur=''
	elif [ "$prev" = = ]; then
		equal=1 prev=$before
	fi

	case $prev in
	--run|-o|--output|--save|--compare|--expect|--replay)
		_mmprobe_files -f "$cur"
		return ;;
	-d|--dir)
		_mmprobe_files -d "$cur"
		return ;;
	-f|--format)
		_mmprobe_offer "$cur" < <(printf '%s\n' text tap tap13 json jsonl junit github markdown)
		return ;;
	--posix)
		_mmprobe_offer "$cur" < <(printf '%s\n' 2001 2008 2024)
		return ;;
	--color)
		# Only as --color=WHEN; the next word is none of it.
		if [ -n "$equal" ]; then
			_mmprobe_offer "$cur" < <(printf '%s\n' always auto never)
			return
		fi ;;
	-e|-t|--timeout|-j|--jobs)
		return ;;
	--show|--explain)
		_mmprobe_offer "$cur" < <(_mmprobe_probes "$program")
		return ;;
	--list)
		_mmprobe_offer "$cur" < <(_mmprobe_topics "$program"; _mmprobe_probes "$program")
		return ;;
	esac
	[ -z "$equal" ] || return
	if [ "${cur#-}" != "$cur" ]; then
		_mmprobe_offer "$cur" < <(_mmprobe_options "$program")
		return
	fi

	# What was asked for, and which probe.
	for ((i = 1; i < COMP_CWORD; ++i)); do
		word=${COMP_WORDS[i]}
		if [ -n "$skip" ]; then
			[ "$word" = = ] || skip=''
			continue
		fi
		case $word in
		--compare) asked=$word skip=1 ;;
		--run|-e|--show|--replay) return ;;
		--all|--list) return ;;
		-d|--dir|-t|--timeout|-j|--jobs|--posix|-f|--format|-o|--output|--save|--expect) skip=1 ;;
		=) skip=1 ;;
		-*) ;;
		*) [ -n "$probe" ] || probe=$word ;;
		esac
	done
	if [ "$asked" = --compare ]; then
		_mmprobe_files -f "$cur"
	elif [ -z "$probe" ]; then
		_mmprobe_offer "$cur" < <(_mmprobe_probes "$program")
	else
		compopt -o nospace 2>/dev/null
		_mmprobe_offer "$cur" < <(_mmprobe_parameters "$program" "$probe")
	fi
}
complete -F _mmprobe mmprobe
