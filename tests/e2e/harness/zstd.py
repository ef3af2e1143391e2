"""Frames of zstd (RFC 8878), made by the library that the programs link with: Python has none."""

import ctypes

LEVEL = 3
CONTENT_SIZE_FLAG = 200  # zstd.h, ZSTD_c_contentSizeFlag

_zstd = ctypes.CDLL("libzstd.so.1")
for _name in ("ZSTD_compressBound", "ZSTD_compress2", "ZSTD_CCtx_setParameter"):
    getattr(_zstd, _name).restype = ctypes.c_size_t
_zstd.ZSTD_createCCtx.restype = ctypes.c_void_p


def frame(data, size_known=True):
    """One frame; `size_known`: its header says how large its content is."""
    context = ctypes.c_void_p(_zstd.ZSTD_createCCtx())
    _zstd.ZSTD_CCtx_setParameter(context, CONTENT_SIZE_FLAG, int(size_known))
    room = ctypes.create_string_buffer(_zstd.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = _zstd.ZSTD_compress2(context, room, ctypes.c_size_t(len(room)), data,
                                ctypes.c_size_t(len(data)))
    _zstd.ZSTD_freeCCtx(context)
    return room.raw[:size]


def bomb(size):
    """A small frame that unpacks to so many zeros."""
    return frame(bytes(size))


def with_other_size(data, claimed):
    """A frame whose header says `claimed` bytes instead of the truth; both from 256 to 65791."""
    made = bytearray(frame(data))
    # RFC 8878, 3.1.1.1: a single segment, and a content size of two bytes that is 256 less
    if made[4] != 0x60 or made[5:7] != (len(data) - 256).to_bytes(2, "little"):
        raise ValueError("zstd makes another header than this expects")
    made[5:7] = (claimed - 256).to_bytes(2, "little")
    return bytes(made)
