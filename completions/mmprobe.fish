# fish completion of mmprobe: its options are those of --help, its probes and their parameters those of --list.

function __mmprobe_program
    set -l words (commandline -opc)
    echo $words[1]
end

function __mmprobe_probes
    eval (__mmprobe_program) --list 2>/dev/null | string match -rg '^  ([a-z]\S*)'
end

function __mmprobe_topics
    eval (__mmprobe_program) --list 2>/dev/null | string match -rg '^([a-z]\S*)'
end

# The words that are no options and no arguments of them.
function __mmprobe_words
    set -l skip ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $word
            case -d --dir -t --timeout -j --jobs --posix -f --format -o --output --save --expect --compare
                set skip 1
            case --run --replay --show -e --all --list '--run=*' '--replay=*' '--show=*' '--list=*'
                # Something else is asked for: no probe can be.
                echo $word
                return
            case '-*'
            case '*'
                echo $word
        end
    end
end

function __mmprobe_compares
    commandline -opc | string match -qr -- '^--compare'
end

function __mmprobe_no_probe
    test (count (__mmprobe_words)) -eq 0; and not __mmprobe_compares
end

function __mmprobe_parameters
    set -l words (__mmprobe_words)
    string match -qr -- '^[a-z]' "$words[1]"; or return
    set -l rest (eval (__mmprobe_program) --list $words[1] 2>/dev/null | string match -rg "^  $words[1]((?: \[[^]]*\])+)")
    string match -arg '\[([A-Za-z_0-9]+)' -- $rest | string replace -r '$' '='
end

# An option a line of --help: "-d, --dir DIR  the directory ..."
function __mmprobe_options
    for line in (mmprobe --help 2>/dev/null | string match -r '^ +-.*')
        set -l short (string match -rg -- '^  -(\w)' $line)
        set -l long (string match -rg -- '^ +(?:-\w, +)?--(\w+)' $line)
        set -l help (string match -rg '^ +\S.*?  +(\S.*)' -- $line)
        set -l words
        test -n "$short"; and set -a words -s $short
        test -n "$long"; and set -a words -l $long
        switch "$long$short"
            case run save compare expect replay 'output*'
                set -a words -r -F
            case 'dir*'
                set -a words -x -a '(__fish_complete_directories)'
            case 'format*'
                set -a words -x -a 'text tap tap13 json jsonl junit github markdown'
            case posix
                set -a words -x -a '2001 2008 2024'
            case show explain
                set -a words -x -a '(__mmprobe_probes)'
            case list
                set -a words -x -a '(__mmprobe_topics; __mmprobe_probes)'
            case 'timeout*' 'jobs*' e
                set -a words -x
            case color
                set -a words -f -a 'always auto never'
        end
        complete -c mmprobe $words -d "$help"
    end
end

complete -c mmprobe -f
complete -c mmprobe -n __mmprobe_no_probe -a '(__mmprobe_probes)'
complete -c mmprobe -n 'not __mmprobe_no_probe; and not __mmprobe_compares' -a '(__mmprobe_parameters)'
complete -c mmprobe -n __mmprobe_compares -F
__mmprobe_options
functions -e __mmprobe_options
