"""The commands in the documents: blocks of `sh`, each with a mark before it that says who runs it.

    <!-- run -->                      the cases of `documents`, as it stands
    <!-- run by: `module: case` -->   that case, or a program below tests/
    <!-- not run: needs ... -->       nobody, and why
"""

import os
import re
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
_MARK = re.compile(r"^ *<!-- (run|run by|not run)(?:: (.+))? -->$")
_FENCE = re.compile(r"^( *)```(\w*)$")


@dataclass(frozen=True)
class Block:
    page: str
    line: int  # of its fence, from 1
    language: str
    mark: str  # "run", "run by", "not run", or "" where there is none
    who: str  # what stands behind it
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"


def blocks(page):
    """All blocks of a page (a path below the root of the sources), in order."""
    with open(os.path.join(ROOT, page), encoding="utf-8") as file:
        lines = file.read().split("\n")
    found, number = [], 0
    while number < len(lines):
        if fence := _FENCE.match(lines[number]):
            end = next(at for at in range(number + 1, len(lines)) if lines[at].strip() == "```")
            mark = _MARK.match(lines[number - 1]) if number else None
            inside = [line.removeprefix(fence[1]) for line in lines[number + 1:end]]
            found.append(Block(page, number + 1, fence[2], mark[1] if mark else "",
                               mark[2] or "" if mark else "", "\n".join(inside) + "\n"))
            number = end
        number += 1
    return found
