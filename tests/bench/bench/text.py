"""Text as people have it: words of a language in the proportions of Zipf, sentences, lines.

zstd -3 packs it to about a third, like prose; nothing repeats within any window that zstd looks at.
"""

import itertools
import random

from harness.data import MIB

SYLLABLES = [a + b for a in "bcdfghjklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "on")]
WORDS = 30_000
PIECE = 32 * MIB  # bytes of lines that are made once, and shuffled for every further piece


class Text:
    """write(file, size) writes so many bytes of it, others every time."""

    def __init__(self, seed=1):
        self._random = random.Random(seed)
        words = ["".join(self._random.choices(SYLLABLES, k=self._random.randint(1, 4)))
                 for _ in range(WORDS)]
        weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(WORDS)))
        self._lines = list(self._make_lines(words, weights))

    def write(self, path, size):
        with open(path, "wb") as file:
            while size > 0:
                self._random.shuffle(self._lines)
                piece = "".join(self._lines).encode()[:size]
                file.write(piece)
                size -= len(piece)

    def _make_lines(self, words, weights):
        made = 0
        while made < PIECE:
            line = self._random.choices(words, cum_weights=weights, k=self._random.randint(4, 16))
            line[0] = line[0].capitalize()
            if self._random.random() < 0.2:
                line.insert(2, str(self._random.randint(1, 2030)))
            text = " ".join(line) + self._random.choice((".\n", ",\n", "\n", "?\n"))
            made += len(text)
            yield text
