"""bash, zsh and fish complete what a person has begun to write; each of them is really asked."""

import contextlib
import os
import pty
import shutil
import signal
import time

from harness.case import case
from harness.send_toml import job, receiver
from harness.verdict import Failed, Skipped, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

COMPLETIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../packaging/completions")
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"

# _get_comp_words_by_ref takes a line apart by itself, as it would have been typed.
ASK_BASH = r"""
source {bash_completion}
source {completions}/snapferry.bash
COMP_LINE=$1 COMP_POINT=${{#1}} COMP_TYPE=9 COMP_KEY=9
# As readline does: at blanks, and at the characters of COMP_WORDBREAKS, which are words of their own.
mapfile -t COMP_WORDS < <(python3 - "$1" <<'END'
import re, sys
words = re.findall(r"[=:]+|[^\s=:]+", sys.argv[1])
print("\n".join(words + ([""] if sys.argv[1].endswith((" ", "=")) else [])))
END
)
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
compopt() {{ :; }}
_snapferry
printf '%s\n' "${{COMPREPLY[@]}}"
"""

ASK_FISH = """
source {completions}/snapferry.fish
complete -C $argv[1]
"""

# compadd is what all of zsh's completion comes to.
ASK_ZSH = r"""
fpath=({completions} $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {{
    if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return $?
    fi
    local -a hits
    builtin compadd -A hits "$@"
    (( $#hits )) && print -rl -- "${{(@)hits}}" >>{out}
    builtin compadd "$@"
}}
finish() {{ _main_complete "$@"; print -r -- the end >>{out} }}
zle -C finish complete-word finish
bindkey '^I' finish
print -r -- ready >>{out}
"""


def _bash(world, line):
    if not os.path.exists(BASH_COMPLETION):
        raise Skipped("bash-completion is not installed")
    script = ASK_BASH.format(bash_completion=BASH_COMPLETION, completions=COMPLETIONS)
    said = world.commands.run("bash", "--norc", "-c", script, "bash", line).expect(0)
    return [word.replace("\\", "") for word in said.out.split("\n") if word]


def _fish(world, line):
    if not shutil.which("fish"):
        raise Skipped("fish is not installed")
    said = world.commands.run("fish", "--no-config", "-c", ASK_FISH.format(completions=COMPLETIONS), line,
                              env={"HOME": world.directory}).expect(0)
    return [word.partition("\t")[0] for word in said.out.split("\n") if word]


class _Zsh:
    """One that asks as a person does, at a terminal; to start one takes seconds."""

    def __init__(self, world):
        if not shutil.which("zsh"):
            raise Skipped("zsh is not installed")
        self._out = os.path.join(world.directory, "zsh-said")
        setup = os.path.join(world.directory, "zsh-setup")
        write_file(self._out, "")
        write_file(setup, ASK_ZSH.format(completions=COMPLETIONS, out=self._out))
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            environment = {**world.commands.environment, "TERM": "dumb", "HOME": world.directory}
            os.execvpe("zsh", ["zsh", "-f", "-i"], environment)
        os.set_blocking(self._terminal, False)
        os.write(self._terminal, f"source {setup}\n".encode())

    def __enter__(self):
        self._await_line("ready")
        return self

    def __exit__(self, *_):
        os.kill(self._process, signal.SIGKILL)
        os.close(self._terminal)
        os.waitpid(self._process, 0)

    def __call__(self, _world, line):
        write_file(self._out, "")
        kill_line = b"\x15"
        os.write(self._terminal, kill_line + line.encode() + b"\t")
        return [word for word in self._await_line("the end") if word != "the end"]

    def _await_line(self, wanted):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(BlockingIOError):
                os.read(self._terminal, 65536)  # so that the shell never waits for room
            with open(self._out, encoding="utf-8") as said:
                lines = said.read().splitlines()
            if wanted in lines:
                return lines
            time.sleep(0.02)
        raise Failed(f"zsh never came to: {wanted}")


def _told(shell, world, line):
    """What comes, in order and each once."""
    return sorted(set(shell(world, line)))


def _prepare(world):
    lane = world.lane()
    lane.write("file", "something")
    name = lane.snapshot()
    lane.send_well()
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, "photos") + job(world.lane(), "papers") +
               f'[snapshots.often]\nsubvolume = "{lane.source}"\nsnapshot_dir = "{lane.snapshot_dir}"\n'
               'tag = "hourly"\nkeep = 24\n')
    return lane, name


def _check_shell(world, shell):
    lane, name = _prepare(world)
    tags = [one for one in sorted(os.listdir(world.pi.path)) if one.startswith(lane.tag)]
    for line, wanted in (
            ("snapferry ver", ["verify", "versions"]),
            ("snapferry --conf", ["--config"]),
            ("snapferry verify --ne", ["--newest"]),
            ("snapferry prune --da", ["--days"]),
            ("snapferry --config /etc/snapferry/send.toml stat", ["status"]),
            ("snapferry history p", ["papers", "photos"]),
            ("snapferry rotate o", ["often"]),
            (f"snapferry list {lane.tag}", tags),
            (f"snapferry lock {lane.tag} 2021-08", [name]),
            ("snapferry restore x y --overwrite ", ["always", "changed", "never"]),
            ("snapshot-send --job ph", ["photos"]),
            ("snapshot-send --stream v2", ["v2", "v2-compressed"]),
            ("snapshot-send --dr", ["--dry-run"]),
            ("snapshot-receive --h", ["--help"]),
            (f"snapshot-receive {lane.tag}", tags),
            ("snapferry answ", [])):
        found = [word.removeprefix("--overwrite=") for word in _told(shell, world, line)]
        if name in wanted:  # bash goes on behind the last colon before the word
            check(any(name.endswith(word) for word in found), f"{line}: {found}")
        else:
            check_equal(found, wanted, f"what may come after: {line}")
    directory = os.path.join(world.directory, "completed")
    os.makedirs(os.path.join(directory, "below"), exist_ok=True)
    write_file(os.path.join(directory, "file.html"), "")
    for line, wanted in ((f"snapferry report --html {directory}/f", ["file.html"]),
                         (f"snapferry drill --to {directory}/", ["below"])):
        found = [os.path.basename(word.rstrip("/")) for word in _told(shell, world, line)]
        check_equal(found, wanted, f"what may come after: {line}")


@case
def bash_completes_commands_options_tags_jobs_and_files(world):
    _check_shell(world, _bash)
    check_equal(_bash(world, "snapshot-send --stream=v2-"), ["v2-compressed"], "a value behind =")


@case
def bash_offers_nothing_within_quotes_where_a_backups_name_could_become_a_command(world):
    lane = world.lane()
    os.makedirs(os.path.join(world.pi.path, lane.tag, '2021"$(touch here)-@daily'))
    check(_bash(world, f"snapferry lock {lane.tag} 2021"), "the name is not offered")
    check_equal(_bash(world, f'snapferry lock {lane.tag} 2021"'), [], "what is offered within quotes")


@case
def fish_completes_commands_options_tags_jobs_and_files(world):
    _check_shell(world, _fish)


@case
def zsh_completes_commands_options_tags_jobs_and_files(world):
    with _Zsh(world) as zsh:
        _check_shell(world, zsh)


@case
def what_completes_is_what_the_program_takes(world):
    _prepare(world)
    for option, values in (("--protocol", "auto raw"), ("--stream", "auto v1 v2 v2-compressed"),
                           ("--cipher", "auto aes-gcm chacha20"), ("--log-format", "auto text json journal")):
        asked = world.commands.run("/usr/local/sbin/snapshot-send", "--complete", option, "").expect(0)
        check_equal(asked.out.split("\n")[1:-1], values.split(), f"what {option} may be")
        for value in values.split():
            told = world.commands.run("/usr/local/sbin/snapshot-send", option, value, "--job", "photos",
                                      "--dry-run")
            if value == "journal":
                check_says(told.err, "there is no systemd journal here")
            else:
                told.expect_well()
