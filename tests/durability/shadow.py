"""Steps between SQLite and the file system, in this process only, and keeps `disk.File`s of what it does.

SQLite reaches its files through a table of functions (a VFS). We copy the default one, replace what opens, deletes,
writes, cuts, syncs and closes by functions of our own that do the same and take note, and make the copy the default.
Python's `sqlite3` must use the system's library for that; where it carries one of its own we say so (`CannotCut`).

Nothing is really synced: the process dies and not the machine, so the system keeps all of it anyway, and what counts
as synced is decided here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

from durability.disk import File

LIBRARIES = {"linux": "libsqlite3.so.0", "darwin": "libsqlite3.dylib"}
_POINTERS = ["xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock"]
_POINTERS += ["xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier"]
_POINTERS += ["xShmUnmap", "xFetch", "xUnfetch"]
_OF_VFS = ["xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose", "xRandomness", "xSleep"]
_OF_VFS += ["xCurrentTime", "xGetLastError", "xCurrentTimeInt64", "xSetSystemCall", "xGetSystemCall", "xNextSystemCall"]


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = [("iVersion", c_int), ("xClose", c_void_p), *((name, c_void_p) for name in _POINTERS)]


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = [
        *(("iVersion", c_int), ("szOsFile", c_int), ("mxPathname", c_int), ("pNext", c_void_p), ("zName", c_char_p)),
        *(("pAppData", c_void_p), ("xOpen", c_void_p), ("xDelete", c_void_p)),
        *((name, c_void_p) for name in _OF_VFS),
    ]


class _Handle(ctypes.Structure):
    """sqlite3_file: what an open file begins with."""

    _fields_ = [("pMethods", POINTER(_Methods))]


_OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_CLOSE = ctypes.CFUNCTYPE(c_int, c_void_p)
_WRITE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = ctypes.CFUNCTYPE(c_int, c_void_p, c_int)


class CannotCut(Exception):  # noqa: N818  # a reason to skip, no error
    """Why no power cut can be played on this machine."""


class Shadow:
    """All files of this process's databases; after so many operations the power fails."""

    def __init__(self, fails_after: int, chance: random.Random, fail: Callable[[dict[str, bytes]], None]) -> None:
        self.files: dict[str, File] = {}
        self._left, self._chance, self._fail = fails_after, chance, fail
        self._mutex = threading.Lock()
        self._names: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._alive: list[Any] = []  # what C points to must not be collected
        self._lay_over(_library())

    # ---- laying our functions over SQLite's

    def _lay_over(self, library: ctypes.CDLL) -> None:
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._theirs = library.sqlite3_vfs_find(None)
        ours = _Vfs.from_buffer_copy(self._theirs.contents)
        ours.pNext, ours.zName = None, b"shadow"
        self._open, self._delete = _OPEN(ours.xOpen), _DELETE(ours.xDelete)
        ours.xOpen, ours.xDelete = self._pointer(_OPEN, self._on_open), self._pointer(_DELETE, self._on_delete)
        self._alive.append(ours)
        library.sqlite3_vfs_register(byref(ours), 1)

    def _pointer(self, kind: Any, function: Callable[..., int]) -> Any:
        def guarded(*arguments: Any) -> int:
            try:
                return function(*arguments)
            except BaseException as error:  # nothing may travel through C
                os.write(2, f"the shadow failed: {error!r}\n".encode())
                os._exit(70)

        callback = kind(guarded)
        self._alive.append(callback)
        return ctypes.cast(callback, c_void_p).value

    def _methods_over(self, theirs: _Methods) -> _Methods:
        at = ctypes.addressof(theirs)
        if at not in self._methods:
            ours = _Methods.from_buffer_copy(theirs)
            for name, kind in (("xClose", _CLOSE), ("xWrite", _WRITE), ("xTruncate", _TRUNCATE), ("xSync", _SYNC)):
                honest = kind(getattr(theirs, name))
                noting = getattr(self, f"_on_{name[1:].lower()}")
                setattr(ours, name, self._pointer(kind, lambda *a, h=honest, n=noting: n(h, *a)))
            self._methods[at] = ours
        return self._methods[at]

    # ---- what happens to the files

    def _on_open(self, _vfs: int, name: int | None, handle: int, flags: int, out: int) -> int:
        path = ctypes.string_at(name).decode() if name else ""
        with self._mutex:
            content = Path(path).read_bytes() if path and os.path.exists(path) else None
            result = self._open(ctypes.cast(self._theirs, c_void_p), name, handle, flags, out)
            file = _Handle.from_address(handle)
            if result == 0 and path and file.pMethods:
                if path not in self.files:
                    self.files[path] = File(None if content is None else bytearray(content))
                self._names[handle] = path
                file.pMethods = ctypes.pointer(self._methods_over(file.pMethods.contents))
        return result

    def _on_close(self, honest: Any, handle: int) -> int:
        self._names.pop(handle, None)
        return honest(handle)

    def _on_delete(self, _vfs: int, name: bytes, with_folder: int) -> int:
        with self._operation():
            result = self._delete(ctypes.cast(self._theirs, c_void_p), name, with_folder)
            if result == 0 and (gone := self.files.pop(name.decode(), None)) and not with_folder:
                self.files[name.decode()] = File(ghost=gone.durable)
        return result

    def _on_write(self, honest: Any, handle: int, data: int, length: int, place: int) -> int:
        with self._operation():
            result = honest(handle, data, length, place)
            if result == 0:
                self.files[self._names[handle]].write(place, ctypes.string_at(data, length))
        return result

    def _on_truncate(self, honest: Any, handle: int, length: int) -> int:
        with self._operation():
            result = honest(handle, length)
            if result == 0:
                self.files[self._names[handle]].truncate(length)
        return result

    def _on_sync(self, _honest: Any, handle: int, _flags: int) -> int:
        with self._operation():
            self.files[self._names[handle]].sync()
        return 0

    # ---- the end

    @contextlib.contextmanager
    def _operation(self) -> Iterator[None]:
        # At the last operation the power fails before it takes effect. Then the mutex is never given back: no other
        # thread gets anything to the disk any more, or to the end of its act.
        with self._mutex:
            self._left -= 1
            if self._left <= 0:
                found = {path: file.after_cut(self._chance) for path, file in self.files.items()}
                self._fail({path: content for path, content in found.items() if content is not None})
            yield


def _library() -> ctypes.CDLL:
    """Return the SQLite library that Python's `sqlite3` uses too.

    Raises:
        CannotCut: Where it uses another one.
    """
    name = LIBRARIES.get(sys.platform)
    try:
        library = ctypes.CDLL(name or "")
    except OSError as error:
        raise CannotCut(f"SQLite's library cannot be reached: {error}") from error
    if not name or not _is_shared(library):
        raise CannotCut("Python's sqlite3 carries a SQLite of its own here; its files cannot be shadowed.")
    return library


def _is_shared(library: ctypes.CDLL) -> bool:
    # A library that is used has been initialised by Python: give it a VFS by name and ask Python for it.
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    if not (default := library.sqlite3_vfs_find(None)):
        return False
    probe = _Vfs.from_buffer_copy(default.contents)
    probe.pNext, probe.zName = None, b"probe"
    library.sqlite3_vfs_register(byref(probe), 0)
    try:
        sqlite3.connect("file::memory:?vfs=probe", uri=True).close()
    except sqlite3.OperationalError:
        return False
    finally:
        library.sqlite3_vfs_unregister(byref(probe))
    return True
