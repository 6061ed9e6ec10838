"""From blocks of sound to utterances heard. Knows no device, thread or clock: whoever feeds it says the time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from voice_coach.listen.endpoint import APART, GAP, LEAST, PRE_ROLL, SECONDS, Voice, gap, longest, looks_early, pause
from voice_coach.listen.hearing import hear_out
from voice_coach.listen.recognizer import Decoded, Recognizer
from voice_coach.listen.vad import Vad
from voice_coach.ports import Complete, Turn
from voice_coach.words import Event, SpeechBegan

TAIL_GUARD = 0.2
"""Seconds after a spoken line in which a sound may still be that line's."""
LEAST_BELIEVED = 0.35
"""Probability below which the words so far do not shorten the wait."""

_KEPT = round(PRE_ROLL / SECONDS)
_SLACK = SECONDS / 4  # sums of block lengths are not exact


@dataclass(slots=True)
class _Utterance:
    began: float
    quiet: bool
    overlap: bool
    ended: float
    """The end of its last sound."""
    voiced: float = SECONDS
    told: bool = False
    """Long enough to be an utterance: the recognizer has it and SpeechBegan was posted."""
    decoded: Decoded | None = None
    """The closed reading since the last sound."""
    sound: bytearray = field(default_factory=bytearray)
    """All that the recognizer was fed, in a turn that keeps it."""


class Ear:
    """Hears one utterance after another: `SpeechBegan`, then exactly one `Heard`, unless `open` or `close` drops it."""

    def __init__(self, recognizer: Recognizer, vad: Vad) -> None:
        """`recognizer` is loaded before the first utterance; both belong to the thread that feeds."""
        self._recognizer, self._vad = recognizer, vad
        self._voice = Voice()
        self._turn: Turn | None = None
        self._utterance: _Utterance | None = None
        self._held: list[bytes] = []
        self._now = 0.0
        self._guarded = -1.0
        self._sounded: float | None = None

    def open(self, turn: Turn) -> None:
        """Listen for this turn from now on; an utterance begun before is dropped."""
        self.close()
        self._turn = turn

    def close(self) -> None:
        """Stop listening; what was begun is dropped."""
        self._drop()
        if self._turn is not None and self._turn.speaking:
            self._guarded = self._now + TAIL_GUARD
            self._held.clear()  # the coach's own last word must not lead the answer
        self._turn = None

    def feed(self, block: bytes, at: float) -> list[Event]:
        """One block of `BLOCK` samples that ended at `at` (session seconds); returns what that makes known."""
        self._now = at
        sounds = self._voice.hear(self._vad.speech(block))
        if self._turn is None:
            if sounds:
                self._sounded = at
            self._keep(block)
            return []
        if self._utterance is None:
            if not sounds:
                self._keep(block)
                return []
            self._utterance = self._begin(self._turn, at - SECONDS)
            self._held.append(block)
            return []
        return self._follow(self._utterance, self._turn, block, sounds)

    def _keep(self, block: bytes) -> None:
        self._held.append(block)
        del self._held[:-_KEPT]

    def _begin(self, turn: Turn, began: float) -> _Utterance:
        quiet = self._sounded is None or began - self._sounded >= APART - _SLACK
        return _Utterance(began, quiet, turn.speaking or began < self._guarded, began + SECONDS)

    def _follow(self, said: _Utterance, turn: Turn, block: bytes, sounds: bool) -> list[Event]:
        self._held.append(block)
        if sounds:
            said.voiced += SECONDS
            said.ended, said.decoded = self._now, None
        silent = self._now - said.ended + _SLACK
        if not said.told:
            return self._confirm(said, turn, silent)
        if silent < gap(turn):
            self._hand_over(said, turn)
            return [] if self._now - said.began < longest(turn) else self._heard(said, turn, cut=True)
        # More silence would only slow the free decoder down; it is handed over when the voice goes on.
        return self._heard(said, turn) if silent >= self._pause(said, turn) else []

    def _confirm(self, said: _Utterance, turn: Turn, silent: float) -> list[Event]:
        if said.voiced < LEAST:
            if silent >= GAP:
                self._utterance = None
                del self._held[:-_KEPT]
            return []
        said.told = True
        self._recognizer.begin(turn.phrases)
        self._hand_over(said, turn)
        return [SpeechBegan(said.began)]

    def _hand_over(self, said: _Utterance, turn: Turn) -> None:
        for block in self._held:
            self._recognizer.feed(block)
            if turn.keep:
                said.sound += block
        self._held.clear()

    def _pause(self, said: _Utterance, turn: Turn) -> float:
        if not looks_early(turn):
            return pause(turn, "incomplete")
        if said.decoded is None:
            said.decoded = self._recognizer.closed()
        believed = said.decoded.text and said.decoded.score >= LEAST_BELIEVED
        complete: Complete = turn.is_complete(said.decoded.text) if believed else "incomplete"
        return pause(turn, complete)

    def _heard(self, said: _Utterance, turn: Turn, cut: bool = False) -> list[Event]:
        heard = hear_out(self._recognizer, said.decoded, turn.expects.kind)
        self._utterance, self._sounded = None, said.ended
        del self._held[:-_KEPT]
        alone, sound = said.quiet and not cut, bytes(said.sound)
        return [replace(heard, began=said.began, at=self._now, overlap=said.overlap, quiet=alone, sound=sound)]

    def _drop(self) -> None:
        said, self._utterance = self._utterance, None
        if said is not None:
            self._sounded = said.ended
            if said.told:
                self._recognizer.end()
            del self._held[:-_KEPT]
