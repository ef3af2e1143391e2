"""A terminal in which somebody types (tmux), and its screen as SVG."""

import html
import re
import subprocess
import time

PATIENCE = 60.0  # seconds
PROMPT = "nas$ "
CELL, LINE, MARGIN, BAR = 8.4, 19, 18, 34  # pixels
FONT = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
BACKGROUND, FOREGROUND, DIM, TYPED = "#1d2330", "#d8dee9", "#7b879c", "#ffffff"
COLOURS = {31: "#e06c75", 32: "#98c379", 33: "#e5c07b", 34: "#61afef", 35: "#c678dd", 36: "#56b6c2",
           91: "#e06c75", 92: "#98c379", 93: "#e5c07b", 94: "#61afef", 95: "#c678dd", 96: "#56b6c2"}
NO_BREAK = "\u00a0"  # a space that no renderer takes away
ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


class Terminal:
    def __init__(self, socket, columns, rows, environment):
        self._tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
        self._environment = {**environment, "PS1": PROMPT, "TERM": "xterm-256color"}
        self._run("new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "bash --norc --noprofile")
        self._deadline = time.monotonic() + PATIENCE
        while not self._is_done(1):
            time.sleep(0.1)

    def type(self, line):
        """Types a line and waits until it has been done."""
        shown = self._prompts()
        self._enter(line)
        while not self._is_done(shown + 1):
            time.sleep(0.2)

    def lines(self):
        """All that was shown, with its colours, without the last prompt."""
        shown = self._run("capture-pane", "-e", "-p", "-S", "-").rstrip("\n").split("\n")
        return shown[:-1] if ESCAPE.sub("", shown[-1]).strip() == PROMPT.strip() else shown

    def close(self):
        self._run("kill-server")

    def _screen(self):
        return self._run("capture-pane", "-p", "-J", "-S", "-")

    def _prompts(self):
        return sum(line.startswith(PROMPT.strip()) for line in self._screen().split("\n"))

    def _enter(self, line):
        self._deadline = time.monotonic() + PATIENCE
        self._run("send-keys", "-l", line)
        self._run("send-keys", "Enter")

    def _is_done(self, prompts):
        if time.monotonic() > self._deadline:
            raise TimeoutError(self._screen())
        return (self._prompts() >= prompts
                and self._screen().rstrip("\n").split("\n")[-1].strip() == PROMPT.strip())

    def _run(self, *arguments):
        return subprocess.run([*self._tmux, *arguments], env=self._environment, check=True,
                              capture_output=True, text=True).stdout


def pieces(line):
    """[(text, style)] of a line with escape sequences."""
    found, colour, bold, dim, end = [], FOREGROUND, False, False, 0
    for escape in [*ESCAPE.finditer(line), None]:
        text = line[end:escape.start() if escape else len(line)]
        if text:
            found.append((text, (DIM if dim else colour, bold)))
        if escape is None:
            return found
        end = escape.end()
        for code in map(int, filter(None, escape[1].split(";") or [""])):
            colour = COLOURS.get(code, FOREGROUND if code in (0, 39) else colour)
            bold = code == 1 or (bold and code not in (0, 22))
            dim = code == 2 or (dim and code not in (0, 22))
        if escape[1] in ("", "0"):
            colour, bold, dim = FOREGROUND, False, False
    return found


def svg(lines, columns):
    width = columns * CELL + 2 * MARGIN
    height = BAR + len(lines) * LINE + MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
           f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="snapferry at a terminal">',
           f'<rect width="100%" height="100%" rx="9" fill="{BACKGROUND}"/>']
    out += [f'<circle cx="{MARGIN + 4 + 20 * dot}" cy="17" r="6" fill="{colour}"/>'
            for dot, colour in enumerate(("#e06c75", "#e5c07b", "#98c379"))]
    out.append(f'<g font-family="{FONT}" font-size="14">')
    for number, line in enumerate(lines):
        at, y, parts = 0, BAR + (number + 1) * LINE - 5, []
        typed = ESCAPE.sub("", line).startswith(PROMPT)
        for text, (colour, bold) in pieces(line):
            if typed:
                colour = TYPED
            parts.append(f'<tspan x="{MARGIN + at * CELL:.1f}" textLength="{len(text) * CELL:.1f}" '
                         f'fill="{colour}"{" font-weight=" + chr(34) + "bold" + chr(34) if bold or typed else ""}>'
                         f'{html.escape(text).replace(" ", NO_BREAK)}</tspan>')
            at += len(text)
        if parts:
            out.append(f'<text y="{y}">{"".join(parts)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])
