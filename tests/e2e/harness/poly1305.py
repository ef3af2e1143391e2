"""Poly1305 of RFC 8439, for shares of a stream that a test makes itself."""

KEY_SIZE = 32  # bytes
_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def mac(key, message):
    """As 32 hexadecimal digits."""
    r = int.from_bytes(key[:16], "little") & _CLAMP
    total = 0
    for begin in range(0, len(message), 16):
        block = message[begin:begin + 16] + b"\1"
        total = (total + int.from_bytes(block, "little")) * r % _PRIME
    total = (total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)
    return total.to_bytes(16, "little").hex()
