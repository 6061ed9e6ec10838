"""The living rows of one session: what was answered, and how far "go back" and corrections reach."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from voice_coach.coach.replay import encode
from voice_coach.ports import Entry, EntryKind, Journal
from voice_coach.words import Ask, Blank, Manner, Match, Reply, Unsure, Value

DENIED = 0.6
"""Probability of a denial from which what was denied is not heard again."""

CONFIRMS = "ask.did_you_say"


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer in the journal."""

    key: str
    """The question."""
    value: Value
    readable: bool
    """Its words can be trusted to be read back."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A question that a correction has opened again."""

    key: str
    denied: tuple[float, ...]
    """What its answer is not."""
    echoed: float | None = None
    """What was said back when it was opened, where that counts as denied too."""
    instead: float | None = None
    """What was heard in its place."""
    blanks: Mapping[str, Blank] | None = None
    """The question's, once it was asked again."""

    @property
    def never(self) -> tuple[float, ...]:
        return self.denied if self.echoed is None else tuple(dict.fromkeys((*self.denied, self.echoed)))


class Ledger:
    """Writes each row to the journal before anything acts on it, and knows which rows still count."""

    def __init__(self, journal: Journal, session: str, zone: str) -> None:
        self._journal, self._session, self._zone = journal, session, zone
        self._next = 0
        self.living: list[Entry] = []
        self._opened: _Opened | None = None
        self._asked: tuple[str, Mapping[str, Blank]] | None = None
        """Key and blanks of the question that was answered last; None where rows were voided since."""
        self._stands: tuple[str, float] | None = None
        """Key and number of an answer that was opened again without good reason: given once more, it stands."""
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
        if ask.key == CONFIRMS:
            said = ask.blanks["value"]
            body["confirms"] = {"yes": True, "no": False}.get(str(said), said)
            opened = self._opened
            if opened and opened.echoed is not None and _refused(body) == opened.instead:
                # Both were heard in one utterance, which was misheard: neither is the echo denied any more.
                self._opened, self._stands = replace(opened, echoed=None), (opened.key, opened.echoed)
        if kind == "answer" and not ask.clarifies:
            if self._begins(ask):
                body["begins"] = True
            self._asked = ask.key, ask.blanks
        self.append(kind, ask.key, json.dumps(body), reply.at, heard)
        return reply

    def drop_from(self, seq: int) -> None:
        """Void the rows from `seq` on; the journal keeps them, marked replaced."""
        self._journal.replace_from(self._session, seq, self._next)
        self.living = [row for row in self.living if row.seq < seq]
        self._asked = None

    def go_back(self, ask: Ask, everything: bool = False) -> bool:
        """Void the question settled before this one (or all of them) down to the last barrier. False: there is none."""
        groups = self._settled(ask)
        if not groups:
            return False
        self.drop_from((groups[0] if everything else groups[-1])[0].seq)
        return True

    def correct(self, ask: Ask, value: Value, at: datetime, score: float = 1.0, manner: Manner = "typed") -> bool:
        """Give the question settled before this one another answer. False: a barrier lies in between.

        None leaves it open. Where the denial is likely enough (`score`), the answer is remembered not to be what was
        echoed: whoever is wrongly taken to deny their number must still be able to say it. By ear, what takes the
        place of a number that was denied or in doubt before is asked about: one of the times was misheard.
        """
        groups, echoed = self._settled(ask), ask.expects.echoed
        if not groups or not (value is None or _is_number(value)):
            return False
        first, before = groups[-1][0], _denials(groups[-1])
        instead = float(value) if isinstance(value, int | float) else None
        opened = _Opened(first.key, before, None if score < DENIED else echoed, instead)
        self._opened, known = opened, echoed is None or echoed in opened.never
        self._stands = None if echoed is None or value is not None or known else (first.key, echoed)
        self.drop_from(first.seq)
        if isinstance(value, int | float):
            asks = manner != "typed" and (before or value == echoed or _doubted(groups[-1]))
            answer = Unsure((float(value),), score) if asks else Match("rating", value, 1.0)
            body = json.loads(encode(Reply(answer, at, manner))) | {"denied": list(before), "echoed": opened.echoed}
            self.append("answer", first.key, json.dumps(body), at)
        return True

    def knowing(self, ask: Ask) -> Ask:
        """The question, with what was denied after its echo: until another is asked, and in this run alone.

        A number that was asked for anew and came out the same is not asked for a third time: its echo is no longer
        listened against, or "a one" that sounds like "no, one" would go on for ever. Nor is the echo before a question
        that a correction has opened: "no, four" is the answer to it then, or the session would walk backwards.
        """
        if self._stands and ask.expects.corrects and not ask.clarifies:
            settled = self._settled(ask)
            if settled and (settled[-1][0].key, ask.expects.echoed) == self._stands:
                ask = replace(ask, expects=replace(ask.expects, corrects=None, echoed=None))
        opened = self._opened
        if opened is None or ask.expects.kind != "rating":
            return ask
        if ask.key == opened.key and opened.blanks in (None, ask.blanks):
            self._opened = replace(opened, blanks=ask.blanks)
            if not ask.clarifies:
                ask = replace(ask, lead=None, expects=replace(ask.expects, corrects=None, echoed=None))
        elif not ask.clarifies:
            self._opened = None
            return ask
        return replace(ask, expects=replace(ask.expects, denied=(*ask.expects.denied, *opened.never)))

    def last_said(self) -> Stored | None:
        """The last settled answer that is one; None: none yet."""
        for group in reversed(self._settled(None, through_barriers=True)):
            body = json.loads(group[-1].value)
            value = _stated(body)
            if value is not None:
                return Stored(group[0].key, value, not (body["manner"] == "rough" and body.get("kind") == "text"))
        return None

    def asked(self) -> tuple[str, ...]:
        """The keys of what was answered so far, the newest first."""
        return tuple(row.key for row in reversed(self.living) if row.kind == "answer")

    def _settled(self, ask: Ask | None, through_barriers: bool = False) -> list[list[Entry]]:
        """The groups of rows that settled a question, `ask` being the present one."""
        groups, open_one = self._groups(through_barriers)
        if open_one and ask is not None and not ask.clarifies and not self._continues(ask, open_one[0]):
            groups.append(open_one)
        return groups

    def _groups(self, through_barriers: bool = False) -> tuple[list[list[Entry]], list[Entry]]:
        """Rows grouped by question, and those of the one that is open.

        Each group starts with the question's first row and ends with what settled it. A plain answer settles a question
        at once. What else may have (a doubtful yes to "did you say six?", a number heard in doubt twice) is seen by the
        script's asking something else: the next row begins another question, or the present one is another.
        """
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
            if group and body.get("begins"):
                groups.append(group)
                group = []
            group.append(row)
            settles = body.get("settles") or (body["is"] == "match" and body.get("kind") != "out_of_range")
            if body.get("clarifies"):
                settles = settles and body["value"] is not False and body.get("kind") != "command"
            if settles:
                groups.append(group)
                group = []
        return groups, group

    def _begins(self, ask: Ask) -> bool:
        """Whether this is the first answer to it, not one more to the question that is open."""
        if self._asked is not None:
            return self._asked != (ask.key, ask.blanks)
        open_one = self._groups()[1]
        return not open_one or open_one[0].key != ask.key

    def _continues(self, ask: Ask, first: Entry) -> bool:
        """Whether this asks again what the row began. After rows were voided, or a crash, the key alone tells."""
        return ask.key == first.key if self._asked is None else self._asked == (ask.key, ask.blanks)


def _denials(group: Sequence[Entry]) -> tuple[float, ...]:
    """The numbers that were denied before one was taken for the answer to this question."""
    denied: list[float] = []
    echoed: float | None = None
    instead: Value = None
    for row in group:
        body = json.loads(row.value)
        denied += body.get("denied", ())
        if body.get("echoed") is not None:
            echoed, instead = body["echoed"], _stated(body)
        refused = _refused(body)
        if refused is not None:
            denied.append(refused)
            echoed = None if refused == instead else echoed
    return tuple(dict.fromkeys([*denied, *([] if echoed is None else [echoed])]))


def _refused(body: Mapping[str, Any]) -> float | None:
    """The number that somebody was asked whether they had said, and had not."""
    match body:
        case {"confirms": int() | float() as number, "is": "match", "value": False}:
            return number
        case {"confirms": int() | float() as number, "is": "unsure", "candidates": [False, *_]}:
            return number
        case {"confirms": int() | float() as number, "is": "correction"}:
            return number
        case _:
            return None


def _doubted(group: Sequence[Entry]) -> bool:
    """Whether the answer to this question was heard in doubt at first."""
    return any(json.loads(row.value)["is"] == "unsure" for row in group)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _stated(body: Mapping[str, Any]) -> Value:
    """What the row that settled a question makes of it; None where it states nothing."""
    confirms: Value = body.get("confirms")
    match body:
        case {"is": "match", "value": True} | {"is": "unsure", "candidates": [True, *_]} if confirms is not None:
            return confirms
        case {"is": "match", "kind": "rating" | "choice" | "text" | "yes_no", "value": said} if confirms is None:
            return said  # type: ignore[no-any-return]
        case {"is": "correction", "value": int() | float() as number}:
            return number
        case {"is": "unsure", "candidates": [int() | float() as number, *_]} if not isinstance(number, bool):
            return number
        case _:
            return None
