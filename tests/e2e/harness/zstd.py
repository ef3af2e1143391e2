"""Frames of zstd (RFC 8878), made by the library that the programs link with: Python has none."""

import ctypes
import struct

LEVEL = 3
CONTENT_SIZE_FLAG = 200  # zstd.h, ZSTD_c_contentSizeFlag

_zstd = ctypes.CDLL("libzstd.so.1")
for _name in ("ZSTD_compressBound", "ZSTD_compress2", "ZSTD_CCtx_setParameter",
              "ZSTD_decompressStream"):
    getattr(_zstd, _name).restype = ctypes.c_size_t
_zstd.ZSTD_createCCtx.restype = ctypes.c_void_p
_zstd.ZSTD_createDCtx.restype = ctypes.c_void_p


class _Buffer(ctypes.Structure):  # ZSTD_inBuffer and ZSTD_outBuffer
    _fields_ = [("start", ctypes.c_void_p), ("size", ctypes.c_size_t), ("at", ctypes.c_size_t)]


def frame(data, size_known=True):
    """One frame; `size_known`: its header says how large its content is."""
    context = ctypes.c_void_p(_zstd.ZSTD_createCCtx())
    _zstd.ZSTD_CCtx_setParameter(context, CONTENT_SIZE_FLAG, int(size_known))
    room = ctypes.create_string_buffer(_zstd.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = _zstd.ZSTD_compress2(context, room, ctypes.c_size_t(len(room)), data,
                                ctypes.c_size_t(len(data)))
    _zstd.ZSTD_freeCCtx(context)
    return room.raw[:size]


def unpacked(packed):
    """What a whole frame holds, whether or not its header says how much that is."""
    context = ctypes.c_void_p(_zstd.ZSTD_createDCtx())
    source = ctypes.create_string_buffer(packed, len(packed))
    room = ctypes.create_string_buffer(1 << 20)
    taken = _Buffer(ctypes.addressof(source), len(packed), 0)
    found, left = b"", 1
    while left:
        made = _Buffer(ctypes.addressof(room), len(room), 0)
        left = _zstd.ZSTD_decompressStream(context, ctypes.byref(made), ctypes.byref(taken))
        if left > 1 << 40 or (left and not made.at and taken.at == taken.size):
            raise ValueError("it is no whole frame of zstd")
        found += room.raw[:made.at]
    _zstd.ZSTD_freeDCtx(context)
    return found


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


def skippable(data, kind=0):
    """A frame that every reader of zstd passes over; RFC 8878, 3.1.2."""
    return struct.pack("<II", 0x184D2A50 + kind, len(data)) + data


def legacy(version):
    """The beginning of a frame of version 0.1 to 0.7, and an end: zstd.h, ZSTD_LEGACY_SUPPORT."""
    magic = 0xFD2FB51E if version == 1 else 0xFD2FB520 + version
    return struct.pack("<I", magic) + bytes((0x20, 4)) + b"\xc0\0\0" * 4
