"""The journal's file: made private, and its faults told as sentences that say what to do."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path

from voice_coach.errors import BadInput, CoachError, Missing


def make_private(path: Path) -> None:
    """The folder 0700 where it is made here or empty, the database and its companions 0600."""
    home = path.parent
    # A folder that holds other things may be shared on purpose; the files in it are private all the same.
    if not home.exists() or not any(home.iterdir()):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
    # Never opened when it is there: closing it would drop the locks that another store of this process has on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def fault_of(path: Path, error: sqlite3.Error | OSError) -> CoachError:
    """What a person is told of a fault of the database or its disk."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return BadInput(
            f"{path} is not a readable journal. Put back a copy of it, or move it away to start with an empty one."
        )
    if primary == sqlite3.SQLITE_FULL or (isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT)):
        return Missing(f"There is no room left on the disk to save to {path}. Free some space, then start again.")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Missing(f"{path} is in use by another voice-coach. Close that one, then start again.")
    if isinstance(error, sqlite3.IntegrityError):
        return Missing(
            "Another voice-coach has gone on with this session meanwhile. Go on there, or close it and start again."
        )
    if isinstance(error, sqlite3.OperationalError | OSError):
        return Missing(
            f"{path} cannot be written. Make its folder one that you may write to, or choose another with --home."
        )
    return CoachError(f"A row could not be saved to {path}. Run voice-coach doctor, and report this as a fault.")
