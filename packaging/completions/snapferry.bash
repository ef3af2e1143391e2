# bash completion for snapferry, snapshot-send and snapshot-receive. What may come is asked of the programs.

# snapshot-receive is started by sshd and answers no questions: its one argument is a tag.
_snapferry_answer() {
    local program=$1
    shift
    if [[ ${program##*/} == snapshot-receive ]]; then
        if [[ ${!#} == -* ]]; then
            echo words
            compgen -W '--help --version' -- "${!#}"
            return
        fi
        program=${program%snapshot-receive}snapferry
        set -- list "${!#}"
    fi
    PATH=$PATH:/usr/local/sbin:/usr/sbin "$program" --complete "$@" 2>/dev/null
}

_snapferry() {
    local cur words cword answer kind candidate
    _get_comp_words_by_ref -n =: cur words cword
    mapfile -t answer < <(_snapferry_answer "${words[0]}" "${words[@]:1:cword}")
    kind=${answer[0]:-words}
    COMPREPLY=()
    if [[ $kind != words ]]; then
        local option=-f
        [[ $kind == directories ]] && option=-d
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen "$option" -- "${cur#--*=}")
        return
    fi
    # Within quotes that somebody has opened, what is quoted here would be taken for something else.
    [[ $cur == *[\"\'\\]* ]] && return
    for candidate in "${answer[@]:1}"; do
        candidate=${candidate%%$'\t'*}
        [[ $cur == --*=* ]] && candidate=${candidate#--*=}
        COMPREPLY+=("$(printf '%q' "$candidate")")
    done
    [[ $cur == --*=* ]] || __ltrim_colon_completions "$cur"
}

complete -F _snapferry snapferry snapshot-send snapshot-receive
