"""The living rows of one session: what was answered, and how far "go back" and corrections reach."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from voice_coach.coach.replay import encode
from voice_coach.ports import Entry, EntryKind, Journal
from voice_coach.words import Ask, Blank, Match, Reply, Value

DENIED = 0.6
"""Probability of a denial from which what was denied is not heard again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer in the journal."""

    key: str
    """The question."""
    value: Value
    readable: bool
    """Its words can be trusted to be read back."""


class Ledger:
    """Writes each row to the journal before anything acts on it, and knows which rows still count."""

    def __init__(self, journal: Journal, session: str, zone: str) -> None:
        self._journal, self._session, self._zone = journal, session, zone
        self._next = 0
        self.living: list[Entry] = []
        self._denied: tuple[str, float, Mapping[str, Blank] | None] | None = None
        """Key, echoed number and, once it was asked again, blanks of the question whose answer was denied."""
        self._reopened: tuple[str, float] | None = None
        """Key and number of the answer that a doubtful denial has opened again."""
        self.forgiving = False
        """A journal that fails is passed over: a crisis message must not wait for a disk."""

    def restore(self, living: Sequence[Entry], next_seq: int) -> None:
        """Go on with the rows of an earlier run."""
        self.living, self._next = list(living), next_seq

    def append(self, kind: EntryKind, key: str, value: str, at: datetime, heard: str = "") -> None:
        """One durable row. Its time never lies before the row in front of it."""
        nth = sum(row.kind == kind and row.key == key for row in self.living)
        at = max([at, *(row.at for row in self.living[-1:])])
        entry = Entry(self._session, self._next, at, self._zone, kind, key, nth, value, heard)
        try:
            self._journal.append(entry)
        except Exception:
            if not self.forgiving:
                raise
        self._next += 1
        self.living.append(entry)

    def answer(self, ask: Ask, reply: Reply, kind: EntryKind, heard: str) -> Reply:
        """The understood reply to a question, once it is written."""
        body = json.loads(encode(reply)) | ({"clarifies": True} if ask.clarifies else {})
        if ask.pace == "reflection":  # there silence is an answer
            body["settles"] = True
        self.append(kind, ask.key, json.dumps(body), reply.at, heard)
        return reply

    def drop_from(self, seq: int) -> None:
        """Void the rows from `seq` on; the journal keeps them, marked replaced."""
        self._journal.replace_from(self._session, seq, self._next)
        self.living = [row for row in self.living if row.seq < seq]

    def go_back(self, everything: bool = False) -> bool:
        """Void the last settled question (or all of them) down to the last barrier. False: there is none."""
        groups = self._settled()
        if not groups:
            return False
        self.drop_from((groups[0] if everything else groups[-1])[0].seq)
        return True

    def correct(self, value: Value, at: datetime, echoed: float | None = None, score: float = 1.0) -> bool:
        """Give the last settled question another answer. False: a barrier lies in between.

        None leaves it open; where that is likely enough (`score`), the answer is remembered not to be what was
        `echoed`: whoever is wrongly taken to deny their number must still be able to say it.
        """
        groups = self._settled()
        if groups and value is None:
            key = groups[-1][0].key
            self._denied = None if echoed is None or score < DENIED else (key, echoed, None)
            self._reopened = None if echoed is None or self._denied else (key, echoed)
            return self.go_back()
        if not groups or not isinstance(value, int | float) or isinstance(value, bool):
            return False
        first = groups[-1][0]
        self.drop_from(first.seq)
        self.append("answer", first.key, encode(Reply(Match("rating", value, 1.0), at)), at)
        return True

    def knowing(self, ask: Ask) -> Ask:
        """The question, with what was denied after its echo: until another is asked, and in this run alone.

        A number that was asked for anew and came out the same is not asked for a third time: its echo is no longer
        listened against, or "a one" that sounds like "no, one" would go on for ever.
        """
        if self._reopened and ask.expects.corrects and not ask.clarifies:
            settled = self._settled()
            if settled and (settled[-1][0].key, ask.expects.echoed) == self._reopened:
                ask = replace(ask, expects=replace(ask.expects, corrects=None, echoed=None))
        if self._denied is None or ask.expects.kind != "rating":
            return ask
        key, value, blanks = self._denied
        if ask.key == key and blanks in (None, ask.blanks):
            self._denied = key, value, ask.blanks
        elif not ask.clarifies:
            self._denied = None
            return ask
        return replace(ask, expects=replace(ask.expects, denied=(*ask.expects.denied, value)))

    def last_said(self) -> Stored | None:
        """The last settled answer that is one; None: none yet."""
        for group in reversed(self._settled(through_barriers=True)):
            body = json.loads(group[-1].value)
            value = body.get("value")
            if body["is"] == "match" and body["kind"] != "command" and value is not None:
                return Stored(group[0].key, value, not (body["manner"] == "rough" and body["kind"] == "text"))
        return None

    def asked(self) -> tuple[str, ...]:
        """The keys of what was answered so far, the newest first."""
        return tuple(row.key for row in reversed(self.living) if row.kind == "answer")

    def _settled(self, through_barriers: bool = False) -> list[list[Entry]]:
        """Rows grouped by question: each group starts with the question's first row and ends with what settled it."""
        groups: list[list[Entry]] = []
        group: list[Entry] = []
        for row in self.living:
            if row.kind in ("expose", "exposed") or (row.kind == "note" and json.loads(row.value).get("barrier")):
                group = []
                if not through_barriers:
                    groups = []
            if row.kind != "answer":
                continue
            body = json.loads(row.value)
            group.append(row)
            settles = body.get("settles") or (body["is"] == "match" and body.get("kind") != "out_of_range")
            if body.get("clarifies"):
                settles = settles and body["value"] is not False and body.get("kind") != "command"
            if settles:
                groups.append(group)
                group = []
        return groups
