"""What passes between the parts: moves out of a script, events in from the world, and what was understood.

Times named `at` on events are seconds on the session's clock (monotonic, 0 at its start);
times named `at` on replies are UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from voice_coach.records import Go

# --- what a turn expects ------------------------------------------------------------------------

Kind = Literal["rating", "yes-no", "choice", "command", "text"]
KINDS: tuple[Kind, ...] = ("rating", "yes-no", "choice", "command", "text")


@dataclass(frozen=True, slots=True)
class Expects:
    """What kind of answer a turn waits for."""

    kind: Kind
    labels: tuple[str, ...] = ()
    """For a choice: the labels in spoken order. A label is its own wording unless the catalog words it."""
    corrects: Kind | None = None
    """The kind of the answer that was just echoed: "no, six" may still change it."""
    checks: Literal["fear", "commitment", "prediction", "learned", "safe"] | None = None
    """For text: what the words are about. Verbatim fears and commitments are judged for being specific;
    a feared outcome in a prediction is not taken for danger; what was learned may be kept as a recording. For yes
    and no, `safe`: a yes says that there is no danger, so that "I think so" is none."""
    denied: tuple[float | bool | str, ...] = ()
    """What the person has said it is not: where the recognizer hears it again, its next best reading counts."""
    echoed: float | None = None
    """Of a turn that corrects: the number that was said back, which no correction can be."""


# --- what was heard -----------------------------------------------------------------------------

Manner = Literal["typed", "verbatim", "rough"]
"""How far the words can be trusted: typed; verbatim (Vosk); rough (PocketSphinx dictation)."""


EXPLAINS = 0.6
"""From this probability on the phrase of a closed turn's grammar explains the sound."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance, as the listener took it. Also the event that it was heard."""

    text: str
    """The words by the turn's grammar; the keyboard's line when typed; may be empty."""
    free: str = ""
    """The words by free decoding of the same audio; empty when typed."""
    score: float = 1.0
    """The recognizer's probability that `text` is what was said, 0 to 1."""
    others: tuple[tuple[str, float], ...] = ()
    """The grammar's next best phrases with their probabilities, best first."""
    manner: Manner = "typed"
    began: float = 0.0
    """Session seconds of the first sound."""
    at: float = 0.0
    """Session seconds of the moment it was complete."""
    overlap: bool = False
    """It began while a line was being spoken (or within the tail guard after it)."""
    quiet: bool = True
    """At least 0.8 s of quiet lay on both sides: during an exposure only such an utterance commands."""
    leaning: str = ""
    """The words by a free decoding that leans towards danger: for the safety screen alone, and never certain."""
    sound: bytes = field(default=b"", repr=False)
    """16 kHz, mono, 16 bit little-endian, in memory only; empty but in a turn that keeps it."""


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody began to speak: deadlines for silence are lifted until the utterance is heard."""

    at: float


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """The last sample of the line with this number was played (or it was stopped)."""

    at: float
    line: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time waited for has come."""

    at: float


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A microphone or speaker went away; `what` is "microphone" or "speaker"."""

    at: float
    what: str


@dataclass(frozen=True, slots=True)
class DeviceBack:
    """The device that was lost works again."""

    at: float
    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    """No more can come: end of input, Ctrl-C or SIGTERM; `why` is "input" or "signal"."""

    at: float
    why: Literal["input", "signal"]


Event = Heard | SpeechBegan | PlaybackEnded | Deadline | DeviceLost | DeviceBack | Ended


# --- what was understood ------------------------------------------------------------------------

MatchKind = Literal["rating", "out_of_range", "yes_no", "choice", "command", "text", "question"]
"""question: something that people ask about practice, by its name in the catalog."""
Value = float | bool | str | None


@dataclass(frozen=True, slots=True)
class Match:
    """An answer that may be acted on without asking. `score`: probability that kind and value are right."""

    kind: MatchKind
    value: Value
    score: float
    missing: str | None = None
    """For text under `checks`: the slot that is not specific yet ("place", "person", "end", …)."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Something of the expected kind, but it must be asked about. Best candidate first, at least one."""

    candidates: tuple[Value, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Correction:
    """The answer just echoed is changed to `value` ("no, six"); the present question is asked again."""

    value: Value
    """None where only the denial was heard surely: the question before is asked anew."""
    score: float


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing of the expected kind. `score`: probability that this is right."""

    score: float


DangerKind = Literal[
    "suicide", "self_harm", "harm", "medical", "substance", "panic_now", "dissociation_now",
    "other_person", "trauma", "panic", "dissociation",
]  # fmt: skip
Tier = Literal["certain", "possible"]


@dataclass(frozen=True, slots=True)
class Flag:
    """What the safety screen found in the words."""

    category: Literal["crisis", "contraindication"]
    kind: DangerKind
    tier: Tier
    phrase: str = ""
    """Which line of which pattern found it, never the person's words: the same one is asked about once a session."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What an utterance means here. The screen's flags and the matcher's answer never see each other."""

    answer: Match | Unsure | Correction | Nothing
    flags: tuple[Flag, ...] = ()


# --- moves: what a script wants; replies: what it is sent ----------------------------------------


@dataclass(frozen=True, slots=True)
class When:
    """A moment to be spoken of, in local time."""

    at: datetime
    days: int
    """Calendar days from today: 0 today, 1 tomorrow."""


Blank = str | int | float | When
Pace = Literal["short", "open", "reflection"]
"""How the end of the answer is found: after a word, after a long pause, or by "done" and the clock."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak the line with this key."""

    key: str
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    recording: str = ""
    """The name of a recording to play after the line."""
    otherwise: Say | None = None
    """What is spoken instead where that recording cannot be played."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak a question and wait for one utterance (or silence). Answered with a `Reply`."""

    key: str
    expects: Expects
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    wording: int = 0
    """0 the question itself, 1… its re-prompts in order; never the same sentence twice."""
    accepts: frozenset[str] = frozenset()
    """Commands that answer this question and go to the script instead of the runner."""
    pace: Pace = "short"
    lead: Say | None = None
    """A line spoken in the same breath before the question (an echo of the last answer)."""
    clarifies: bool = False
    """It asks about an answer rather than for one: "go back" passes over it."""
    seconds: float | None = None
    """A turn of fixed length (the reflection); None: the usual re-prompt time."""
    silent: bool = False
    """Nothing is spoken: it waits `seconds` for a word between two paced lines. The end of input is silence here."""
    until: datetime | None = None
    """Of a silent wait: its end (UTC), however long the line before it took; instead of `seconds`."""
    why: Say | None = None
    """What answers "why?" here; None: what this part of the session is for."""
    ends: bool = False
    """A no ends the session, so it is asked about where a weak recognizer is not sure of it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Put a fact into the journal (and its projections). `barrier`: "go back" cannot pass it."""

    name: str
    value: Mapping[str, Value | list[str]] = field(default_factory=dict)
    barrier: bool = False


@dataclass(frozen=True, slots=True)
class Expose:
    """Do the exposure that this Go allows. Answered with a `Reply` whose value is an `Exposed`."""

    go: Go


Move = Say | Ask | Note | Expose


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody spoke before the deadline."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """How an exposure went."""

    how: Literal["done", "stopped", "too_much", "time", "lost", "away"]
    """lost: a crash or device loss in mid-step, or told too late; away: done away from the device."""
    started: datetime
    ended: datetime
    feeling: str = ""
    """What was said to the one open question during it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a script is sent for every move: what came back, and when (UTC).

    `value` is None for Say and Note, `Exposed` for Expose, else what was understood or `Silence`.
    """

    value: Match | Unsure | Correction | Nothing | Silence | Exposed | None
    at: datetime
    manner: Manner = "typed"
    raised: tuple[DangerKind, ...] = ()
    """What was mentioned in passing: its screen question is asked before the step."""
    sounded: bool = False
    """It was spoken, and its sound is held: it may be kept as a recording."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session ended."""

    how: Literal[
        "went", "rest", "refer", "not_today", "stopped_step", "crisis", "stopped", "steadied",
        "input_ended", "interrupted", "device_lost", "changed", "built", "forgotten",
    ]  # fmt: skip
    reason: str = ""
    """Why, as the rules name it ("cap", "trauma", …); empty where nothing is to add."""

    @property
    def planned(self) -> bool:
        """True where the session reached an end that was meant, forgetting it all included: exit code 0."""
        return self.how not in ("stopped", "input_ended", "interrupted", "device_lost", "changed")


Script = Generator[Move, Reply, Outcome]
"""A dialogue: yields moves, is sent a `Reply` for each, returns how it ended. Holds order and branching alone."""
