"""The one family of errors that reaches a person: each says what to do next."""

from __future__ import annotations


class CoachError(Exception):
    """A fault that ends a command: `message` is one or more plain sentences, `exit_code` the process's.

    Only `cli.py` catches it; it prints the message on stderr and never a traceback.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(CoachError):
    """What was given cannot be used (a broken file, a faulty catalog): exit 1."""

    exit_code = 1


class BadUsage(CoachError):
    """The command was called in a way it does not know, or settings cannot be read: exit 2."""

    exit_code = 2


class Missing(CoachError):
    """Something the command needs is not there (a device, a model, a library): exit 3."""

    exit_code = 3
