"""A receiver that says of its processor that it has no instructions for AES, as a Pi 4 would."""

import contextlib
import os

from .world import write_file

# Between the real receiver and the sender: only the welcome is changed, its frame made anew.
PROGRAM = '''#!/usr/bin/python3
import os, shutil, struct, subprocess, sys
receiver = subprocess.Popen([{real!r}, *sys.argv[1:]], stdout=subprocess.PIPE)
said, out = receiver.stdout, sys.stdout.buffer
out.write(said.read(13))
kind, length = struct.unpack("<B3xI", said.read(8))
welcome = said.read(length).replace(b'"fast_aes":true', b'"fast_aes":false')
out.write(struct.pack("<B3xI", kind, len(welcome)) + welcome)
out.flush()
while piece := os.read(said.fileno(), 65536):
    out.write(piece)
    out.flush()
sys.exit(receiver.wait())
'''


@contextlib.contextmanager
def receiver_without_aes(world):
    directory = os.path.join(world.directory, "without-aes")
    program = os.path.join(directory, "snapshot-receive")
    write_file(program, PROGRAM.format(real=world.programs["snapshot-receive"]), 0o755)
    with world.receiver_is(program):
        yield
