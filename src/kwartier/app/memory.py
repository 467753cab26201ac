"""How the process gives memory back."""

import ctypes

# malloc.h of the GNU C library.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 128 * 2**10
ARENAS_COUNT = 1


def give_memory_back() -> None:
    """Let the C library return what is large and no longer used; elsewhere than with GNU's nothing happens.

    By itself it raises the size from which it does so to that of the largest block ever given back, up to 32 MB. The
    first login (argon2 takes 19 MiB for a moment) then keeps its block for good (seen: 19 MiB, none with this). And
    threads get heaps of their own, of which little comes back: a service that had read three months for ten assets held
    151 MiB with two heaps and 127 with one. Python's lock lets one thread at a time ask for memory anyway.
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is not None:
        change(_M_MMAP_THRESHOLD, LARGE_BYTES)
        change(_M_TRIM_THRESHOLD, LARGE_BYTES)
        change(_M_ARENA_MAX, ARENAS_COUNT)
