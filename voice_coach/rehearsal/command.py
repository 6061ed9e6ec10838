"""The command `rehearse`: one session aloud on paper, or a session a day."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from voice_coach.app import make_home
from voice_coach.errors import BadUsage
from voice_coach.listen.recognizer import Recognizer
from voice_coach.recognizers import pick_recognizer
from voice_coach.rehearsal.days import hold_days, tally
from voice_coach.rehearsal.rehearse import Rehearsal, open_store, passing_store
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

LONGEST = 3660
"""Days of practice at most: ten years."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to rehearse."""

    seed: int = 1
    script: Path | None = None
    wav: Path | None = None
    days: int = 0
    """0: one session, spoken."""
    spoken: bool = False
    """Speak the days too."""


def rehearse(settings: Settings, wanted: Wanted, out: TextIO, recognizer: Recognizer | None = None) -> int:
    """Hold what is wanted and write it down; the exit code. Raises `CoachError` with what to do.

    `recognizer`: None for the one that the settings name.
    """
    lines = _check(wanted)
    make_home(settings.home)
    name = "auto" if settings.recognizer == "typed" else settings.recognizer
    with closing(recognizer or pick_recognizer(name, None, settings.home)) as chosen:
        rehearsal = Rehearsal(settings, chosen)
        if wanted.days:
            # Kept in the home, for audits.
            with closing(open_store(settings.home)) as store:
                return _days(rehearsal, store, wanted, out)
        person = f"A script of {len(lines)} lines" if lines is not None else f"An imagined person (seed {wanted.seed})"
        out.write(f"Rehearsal. {person} speaks with the voice {rehearsal.voice}, heard by {chosen.name}.\n")
        with passing_store() as store:
            held = rehearsal.hold(store, str(wanted.seed), out, script=lines, wav=wanted.wav)
    how = held.spoken.outcome.how.replace("_", " ")
    out.write(f"The session would have taken {_duration(held.spoken.seconds)} and ended: {how}.\n")
    out.write(f"{_count(len(held.spoken.transcript.mishearings))} not understood as spoken.\n")
    if held.right:
        out.write("The outcome is the one that the same answers give when typed.\n")
        return 0
    out.write(f"The outcome is not the one that the same answers give when typed ({held.typed.outcome.how}).\n")
    out.write(f"{held.culprit or 'No mishearing is to blame: the course of the session itself changed.'}\n")
    return 1


def _days(rehearsal: Rehearsal, store: Store, wanted: Wanted, out: TextIO) -> int:
    now, right, sessions = datetime.now(UTC), True, 0
    for day in hold_days(rehearsal, store, wanted.seed, wanted.days, now, spoken=wanted.spoken):
        right = right and (day.rehearsed is None or day.rehearsed.right)
        sessions += 1
        out.write(f"{day}\n")
        out.flush()
    out.write(f"{tally(rehearsal, store, wanted.days, sessions, now)}\n")
    return 0 if right else 1


def _check(wanted: Wanted) -> list[str] | None:
    """The script's lines, once what is wanted fits together."""
    if not 0 <= wanted.days <= LONGEST:
        raise BadUsage(f"--days takes a number from 1 to {LONGEST}.")
    if wanted.days and (wanted.script or wanted.wav):
        raise BadUsage("--days goes with --seed and --spoken; leave out --script and --wav.")
    if wanted.spoken and not wanted.days:
        raise BadUsage("--spoken goes with --days: a single session is always spoken.")
    if wanted.wav and not wanted.wav.absolute().parent.is_dir():
        raise BadUsage(f"{wanted.wav.parent} is not a folder; name a file in one that is there.")
    if wanted.script is None:
        return None
    try:
        return wanted.script.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BadUsage(
            f"{wanted.script} cannot be read ({error.strerror}); name a text file, one answer a line."
        ) from None


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} minutes {rest} seconds" if minutes else f"{rest} seconds"


def _count(number: int) -> str:
    return "1 answer was" if number == 1 else f"{number} answers were"
