"""The wire's frames, for a receiver that a test writes in Python."""

# The beginning of such a program: say() a message, hear() one (or that data came). It ends where
# the sender is gone.
HOW_TO_SPEAK = r'''#!/usr/bin/python3
import json, struct, sys

def say(**fields):
    payload = json.dumps(fields).encode()
    sys.stdout.buffer.write(struct.pack("<B3xI", 1, len(payload)) + payload)
    sys.stdout.buffer.flush()

def hear():
    head = sys.stdin.buffer.read(8)
    if len(head) < 8:
        sys.exit(10)
    kind, length = struct.unpack("<B3xI", head)
    payload = sys.stdin.buffer.read(length)
    return json.loads(payload) if kind == 1 else {"type": "data"}

'''
