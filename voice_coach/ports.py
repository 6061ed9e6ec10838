"""The protocols between the core and the world. The contract stands here; implementations carry no docstrings.

Engines live in their own threads and only put events on the queue that they were made with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from typing import Literal, Protocol

from voice_coach.records import History
from voice_coach.words import Blank, Event, Expects, Heard, Manner, Pace, Understood

Events = SimpleQueue[Event]
"""The one queue of a session."""

Complete = Literal["complete", "may_continue", "incomplete"]
"""Nothing can follow ("yes"); something can ("seven" → "and a half"); not an answer yet."""

IsComplete = Callable[[str], Complete]
Tone = Literal["", "listening", "soft", "end"]
Interpret = Callable[[Heard, Expects], Understood]


@dataclass(frozen=True, slots=True)
class Turn:
    """What the listener listens for until it is told otherwise."""

    expects: Expects
    pace: Pace | Literal["exposure"] = "short"
    """exposure: long speech is expected and commands count only between 0.8 s of quiet."""
    phrases: tuple[str, ...] = ()
    """The closed grammar of the turn, folded (lower case, words for numbers); empty: free decoding alone."""
    is_complete: IsComplete = lambda _: "incomplete"
    patience: float = 1.0
    """Factor on the end-of-speech times."""
    speaking: bool = False
    """A line is being spoken: only a short stop or a danger word is of interest."""
    keep: bool = False
    """Hand on the sound of what is heard in `Heard.sound`."""


class Listener(Protocol):
    """Something that hears. Posts SpeechBegan, Heard, DeviceLost, DeviceBack and Ended."""

    name: str
    """The recognizer's name: vosk, pocketsphinx, typed."""
    manner: Manner

    def start(self) -> None:
        """Open what it needs. Raises `Missing` with what to do when it is not there."""

    def open(self, turn: Turn) -> None:
        """Listen for this turn from now on. What was begun under an earlier turn is dropped."""

    def close(self) -> None:
        """Stop listening until the next `open`; nothing is posted meanwhile but device events."""

    def shut(self) -> None:
        """Release everything. Safe to call twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to speak."""

    number: int
    """Counts up within a session; comes back in PlaybackEnded."""
    text: str
    key: str = ""
    """Its line key, "" for a tone."""
    tone: Tone = ""
    """An earcon to play after the text (or alone, when the text is empty)."""
    at_most: int | None = None
    """Words a minute that are not exceeded, whatever the user's rate (messages in danger)."""
    sound: bytes = field(default=b"", repr=False)
    """A recording to play after the text, before the tone: 16 kHz, mono, 16 bit little-endian."""


class Speaker(Protocol):
    """Something that speaks. Posts exactly one PlaybackEnded for every line, also when it is stopped or fails."""

    def start(self) -> None:
        """Open what it needs. Raises `Missing` with what to do when it is not there."""

    def say(self, line: Line) -> None:
        """Begin to speak and return at once. Lines are spoken in the order given."""

    def prepare(self, text: str) -> None:
        """This text will probably be said next: make it ready. Changes nothing that can be heard."""

    def stop(self) -> None:
        """Fall silent within 150 ms and drop what is queued."""

    def adjust(self, rate: float, volume: float) -> None:
        """Speak from the next line on at this factor of the normal rate (0.6 to 3) and volume (0 to 1)."""

    def shut(self) -> None:
        """Release everything. Safe to call twice."""


class Clock(Protocol):
    """The session's time."""

    skips: bool
    """Waits are skipped (a pipe): a turn of fixed length ends with its first utterance."""

    def now(self) -> float:
        """Seconds since the session started; never goes back."""

    def next(self, events: Events, deadline: float | None) -> Event:
        """The next event, or `Deadline` once `deadline` (session seconds) has come. The only place that waits."""


EntryKind = Literal["answer", "note", "expose", "exposed", "aside", "end"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal. Append-only: a changed answer marks later rows, it never deletes them."""

    session: str
    seq: int
    """Counts from 0 within the session."""
    at: datetime
    zone: str
    kind: EntryKind
    """answer: to an Ask; note: a Note; expose: the step began; exposed: it ended;
    aside: outside the script (a danger check), skipped by replay; end: terminal, value {"how", "reason"}."""
    key: str
    nth: int
    """How often this (kind, key) came before in the session's living rows."""
    value: str
    """JSON."""
    heard: str = ""
    """The words, kept for "what did I say?"."""
    replaced_by: int | None = None
    """The seq of the row that made this one void."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has no terminal row."""

    id: str
    started: datetime
    catalog: str
    """Hash of catalog and rules under which it was begun."""
    entries: tuple[Entry, ...]
    """Living rows only (not replaced), in order."""


class Journal(Protocol):
    """The append-only truth about every session of one profile. Every write is one durable transaction."""

    def begin(self, session: str, at: datetime, zone: str, catalog: str) -> None:
        """Open a session with this UUID."""

    def append(self, entry: Entry) -> None:
        """Write a row and the projections that follow from it, before anything acts on it."""

    def replace_from(self, session: str, seq: int, by: int) -> None:
        """Mark the living rows of the session from `seq` on (except `by` itself) as replaced by row `by`."""

    def unfinished(self) -> OpenSession | None:
        """The newest session without a terminal row, if there is one."""

    def last_end(self) -> Entry | None:
        """The newest terminal row of the profile that a session came to by itself (not closed after a cut)."""

    def noted(self, session: str, name: str) -> bool:
        """Whether this session holds a living note of this name."""

    def last_moment(self) -> datetime | None:
        """The time of the newest row."""

    def history(self, zone: str, without: str | None = None) -> History:
        """What the rules may look at; `without`: as if this session had never begun."""


Phrase = Callable[[str, int, Mapping[str, Blank]], str]
"""(line key, wording, blanks) → the words to speak."""
