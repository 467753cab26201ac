"""How the process gives memory back."""

import ctypes

# malloc.h of the GNU C library.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 128 * 2**10
ARENAS_COUNT = 2


def give_memory_back() -> None:
    """Let the C library return what is large and no longer used; elsewhere than with GNU's nothing happens.

    By itself it raises the size from which it does so to that of the largest block ever given back, up to 32 MB. The
    first login (argon2 takes 19 MiB for a moment) then keeps its block for good, and each thread may keep one like it
    (seen: 19 MiB after the first login, none with this).
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is not None:
        change(_M_MMAP_THRESHOLD, LARGE_BYTES)
        change(_M_TRIM_THRESHOLD, LARGE_BYTES)
        change(_M_ARENA_MAX, ARENAS_COUNT)
