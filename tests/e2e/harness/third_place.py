"""A third machine in another house: a disk of its own, behind a port of its own."""

import os

from .second_pi import SecondPi

SIZE = 2 << 30  # bytes


class ThirdPlace(SecondPi):
    """A context; `path` is where its disk is mounted. It is this machine too: see SecondPi."""

    def __init__(self, world):
        super().__init__(world)
        self.path = os.path.join(world.directory, "third-place")

    def __enter__(self):
        self._disk = self.world.another_disk("third-place", SIZE)
        return super().__enter__()

    def __exit__(self, *how):
        super().__exit__(*how)
        self._disk.close()
        os.rmdir(self.path)
