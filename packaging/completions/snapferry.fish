# fish completion for snapferry, snapshot-send and snapshot-receive. What may come is asked of the programs.

function __snapferry_complete
    set -lx PATH $PATH /usr/local/sbin /usr/sbin
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program $words[1]
    set -l before $words[2..-1]
    if string match -q -- '*snapshot-receive' $program
        # It is started by sshd and answers no questions: its one argument is a tag.
        if string match -q -- '-*' $last
            printf '%s\n' --help --version
            return
        end
        set program (string replace -r 'snapshot-receive$' snapferry -- $program)
        set before list
    end
    set -l answer ($program --complete $before "$last" 2>/dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path $last
        case directories
            __fish_complete_directories $last
        case words
            printf '%s\n' $answer[2..-1]
    end
end

for program in snapferry snapshot-send snapshot-receive
    complete -c $program -f -a '(__snapferry_complete)'
end
