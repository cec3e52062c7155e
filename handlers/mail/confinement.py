"""Confinement by Linux: the user's other processes cannot read this one, nor this one the user's files."""

from __future__ import annotations

import ctypes
import os
import sysconfig
import zoneinfo
from contextlib import suppress
from pathlib import Path

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
#: The numbers of Landlock's system calls, the same on every architecture, since Linux 5.13.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
#: All that Landlock's first version can forbid, and the part of it that is reading files and folders.
_EVERYTHING, _READING, _BENEATH = (1 << 13) - 1, 1 << 2 | 1 << 3, 1


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def disable_dumps() -> bool:
    """Keep the user's other processes from reading our memory or environment, and prevent core dumps."""
    with suppress(AttributeError, OSError):
        return bool(_libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    return False


def give_up_files() -> bool:
    """Give up all files but Python's modules and time zones, for reading, if Linux supports it."""
    with suppress(AttributeError, OSError):
        call = _libc().syscall
        everything = ctypes.c_uint64(_EVERYTHING)
        rules = call(_CREATE_RULESET, ctypes.byref(everything), ctypes.c_size_t(8), 0)
        if rules < 0:
            return False
        for path in {
            *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
            *zoneinfo.TZPATH,
        }:
            if Path(path).is_dir():
                rule = _Rule(_READING, os.open(path, os.O_PATH | os.O_CLOEXEC))
                call(_ADD_RULE, rules, _BENEATH, ctypes.byref(rule), 0)
                os.close(rule.folder)
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(call(_RESTRICT_SELF, rules, 0) == 0)
    return False
