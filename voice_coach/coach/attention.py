"""Attends to danger while a session runs: asks about what is only possible, acts on what is certain, remembers both."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from voice_coach.coach import danger
from voice_coach.coach.controls import Manner
from voice_coach.coach.floor import Floor, Over
from voice_coach.coach.ledger import Ledger
from voice_coach.coach.means import Means
from voice_coach.coach.today import Today
from voice_coach.ports import EntryKind
from voice_coach.words import DangerKind, Flag, Move, Nothing, Outcome, Reply

HEARD_OUT = "message_heard_out"
"""The fact that a message in danger came to its end."""
FLAGS_THAT_COUNT_AS_YES = 3
"""So many possible danger phrases in one session are taken for a yes."""

Aside = Callable[[Generator[Move, Reply, Any]], Any]
"""Runs a short script beside the session and returns what came of it."""


class Noting(Protocol):
    """Writes a row into the journal."""

    def __call__(self, kind: EntryKind, key: str, value: object) -> None: ...


class Attention:
    """What one session does about danger. Nothing but a clear no leads back from here into the session."""

    def __init__(
        self, rows: Ledger, floor: Floor, means: Means, today: Today, manner: Manner, aside: Aside, note: Noting
    ) -> None:
        self._rows, self._floor, self._means, self._today, self._manner = rows, floor, means, today, manner
        self._aside, self._note = aside, note
        self._asked_about: set[str] = set()
        self._flagged = 0
        self._steadying = False
        self.crisis: Outcome | None = None
        """How the session ends, once a message has begun."""

    def binds(self, key: str) -> bool:
        """Whether this question is part of a response to danger: no command leads past it."""
        return self._steadying or danger.is_of_danger(key)

    def attend(self, flags: Sequence[Flag]) -> bool:
        """Respond to danger. True: it was cleared, so the question is asked again."""
        crises = [flag for flag in flags if flag.category == "crisis"]
        if self._steadying:  # panic in the middle of grounding is what the grounding is for
            crises = [flag for flag in crises if danger.RESPONSE[flag.kind] != "now"]
        new = [flag for flag in crises if flag.tier == "certain" or flag.phrase not in self._asked_about]
        if not new or self.crisis:
            return False
        phrases = [flag.phrase for flag in crises]
        self._asked_about.update(phrases)
        doubtful = [flag for flag in new if flag.tier == "possible"]
        doubtful = [flag for flag in doubtful if danger.RESPONSE[flag.kind] not in danger.ASK_FOR_THEMSELVES]
        for flag in new:
            if flag not in doubtful:
                self._face(flag.kind, phrases, sure=True)
        if doubtful:
            self._flagged += 1
            self._face(doubtful[0].kind, phrases, sure=self._flagged >= FLAGS_THAT_COUNT_AS_YES)
        return True

    def answered(self, flags: Sequence[Flag]) -> Nothing | None:
        """Danger in the answer to a danger question: certain words act; the rest is no clear answer."""
        if self.crisis:
            return None
        for flag in flags:
            if flag.tier == "certain" and danger.RESPONSE.get(flag.kind) in ("crisis", "harm"):
                self.respond(flag.kind)
        return Nothing(1.0) if any(flag.category == "crisis" for flag in flags) else None

    def take_up(self) -> None:
        """Ask again what a crash cut off, and remember what was asked before it."""
        flags, still_open = danger.taken_up(self._rows.living)
        for flag in flags:
            self._asked_about.update(flag.phrases)
            self._flagged += not flag.sure
        if still_open:
            self._face(flags[-1].kind, flags[-1].phrases, flags[-1].sure)

    def respond(self, kind: DangerKind, hushed: bool = False) -> None:
        """The latch first, then the message: a crash in the message finds the latch set. Always raises Over.

        `hushed`: without a word.
        """
        self._rows.forgiving = True
        self._note("end", "crisis", {"how": "crisis", "reason": kind})
        self.crisis = Outcome("crisis", kind)
        self._floor.enter("danger")
        self._means.in_danger()
        try:
            if not hushed:
                self._aside(danger.MESSAGES[danger.RESPONSE[kind]]())
        except Over as over:
            if over.outcome == Outcome("device_lost", "speaker"):  # perhaps another loudspeaker, or the screen
                self._means.last_resort(danger.RESPONSE[kind])
            elif over.outcome.how != "stopped":
                raise
        except Exception:  # whatever broke, the person hears the message
            self._means.last_resort(danger.RESPONSE[kind])
        self._note("note", HEARD_OUT, {})
        raise Over(self.crisis)

    def _face(self, kind: DangerKind, phrases: Sequence[str], sure: bool) -> None:
        """Ask what has to be asked and act on it. In the journal first: a crash in the question finds it open."""
        if sure and danger.RESPONSE[kind] not in danger.ASK_FOR_THEMSELVES:
            self._act(kind)
            return
        self._rows.forgiving, before = True, self._rows.forgiving
        self._note("aside", danger.FLAG, {"kind": kind, "phrases": list(phrases), "sure": sure})
        checked = "yes" if sure else self._aside(danger.check(kind, self._manner))
        if checked == "hushed":
            self.respond(kind, hushed=True)
        elif checked == "yes":
            self._act(kind)
        self._note("aside", danger.CLEARED, {})
        self._rows.forgiving = before

    def _act(self, kind: DangerKind) -> None:
        match danger.RESPONSE[kind]:
            case "other":
                self._aside(danger.for_another())
            case "now":
                self._note("note", "upset", {"kind": kind})
                self._steadying = True
                self._aside(danger.steady(self._today.rules))
                raise Over(Outcome("steadied", kind))
            case "medical" if self._aside(danger.known_from_anxiety()):
                return
            case _:
                self.respond(kind)
