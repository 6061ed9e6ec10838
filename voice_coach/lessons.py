"""Learning a voice in a spoken session: "learn my voice", what answers confirm, and "forget my voice"."""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Literal

from voice_coach.coach.asking import pause, trit
from voice_coach.coach.means import Errand
from voice_coach.errors import BadInput
from voice_coach.learning import example_of
from voice_coach.listen import example_file
from voice_coach.listen.examples import Example, chosen
from voice_coach.listen.learned import Learned
from voice_coach.listen.warping import shape
from voice_coach.ports import Interpret
from voice_coach.understand.catalog import Catalog
from voice_coach.words import (
    Ask,
    Correction,
    Expects,
    Heard,
    Kind,
    Match,
    Move,
    Reply,
    Say,
    Silence,
    Understood,
    Unsure,
)

TAKES = 2
"""How often each word is asked for."""
PATIENCE = 6.0
"""Seconds to wait for a word."""
MOST_SILENCES = 3
"""Words in a row without an answer, after which the lesson ends."""
LEAVING = frozenset({"stop", "done", "goodbye", "too_much", "dont_want", "driving"})

Lesson = Generator[Move, Reply, None]


class Lessons:
    """What one session learns of its person's voice. Sound is looked at in memory only; features are kept."""

    def __init__(
        self,
        home: Path,
        catalog: Catalog,
        profile: str = "default",
        learned: Learned | None = None,
        unheard: Literal["learn.typed", "learn.kiosk"] = "learn.typed",
        chance: random.Random | None = None,
    ) -> None:
        """`learned`: the recognizer of the session; None where nothing may be learned, and `unheard` says why."""
        self._path = example_file.path_of(home, profile)
        self._learned, self._unheard = learned, unheard
        self._chance = chance or random.Random()
        self._numbers = {value: word for word, value in reversed(list(catalog.numbers.items())) if value in range(11)}
        self._others = tuple(catalog.intents[name].exact[0] for name in ("affirm", "deny", "stop"))
        self._commands = frozenset(catalog.intents)
        self._confirmed: list[Example] = []
        self._echoed: Example | None = None
        self._doubted: Example | None = None
        self._last: Heard | None = None
        self._attends = learned is not None

    def errands(self) -> Mapping[str, Errand]:
        """The short scripts behind "learn my voice" and "forget my voice"."""
        return {"learn_voice": lambda *_: self._learn(), "forget_voice": lambda *_: self._forget()}

    # --- "learn my voice" ---

    def _learn(self) -> Lesson:
        if self._learned is None:
            yield Say(self._unheard)
            return
        attended, self._attends = self._attends, False
        yield Say("learn.opening")
        taken = yield from self._takes(self._learned)
        self._attends = attended
        try:
            held = self._hold(taken)
        except BadInput:
            yield Say("learn.not_kept")
            return
        kept = sum(example in held for example in taken)
        yield Say("learn.done", {"kept": kept, "given": len(taken)}) if kept else Say("learn.nothing")

    def _takes(self, learned: Learned) -> Generator[Move, Reply, list[Example]]:
        taken: list[Example] = []
        silences = 0
        for word in self._order():
            reply = yield Ask(
                "learn.word",
                Expects(self._turn(word)),
                {"word": word},
                accepts=self._commands,
                clarifies=True,
                seconds=PATIENCE,
            )
            command = reply.value.value if isinstance(reply.value, Match) and reply.value.kind == "command" else ""
            if command in LEAVING and command != word:
                break
            if command == "pause":
                yield from pause()
                continue
            silences = silences + 1 if isinstance(reply.value, Silence) else 0
            if silences == MOST_SILENCES:
                break
            example = None if silences or learned.latest is None else example_of(learned.latest, word)
            if example is not None:
                taken.append(example)
        return taken

    def _order(self) -> list[str]:
        words = [*self._numbers.values(), *self._others]
        rounds = [self._chance.sample(words, len(words)) for _ in range(TAKES)]
        return [word for words in rounds for word in words]

    def _turn(self, word: str) -> Kind:
        return "rating" if word in self._numbers.values() else "yes-no"

    def _hold(self, new: list[Example]) -> tuple[Example, ...]:
        """Take them into the file and into use; all that is now held. Raises `BadInput` where they cannot be kept."""
        held = chosen((*new, *example_file.read(self._path)))
        if new:
            example_file.write(self._path, held)
            if self._learned is not None:
                self._learned.teach(held)
        return held

    # --- what answers confirm ---

    def attending(self, interpret: Interpret) -> Interpret:
        """The same understanding; on the way it is noted which answers were confirmed, for `keep`."""

        def attend(heard: Heard, expects: Expects) -> Understood:
            understood = interpret(heard, expects)
            # A turn may have one utterance interpreted twice; what overlaps a line may be the coach itself.
            if self._attends and heard is not self._last and not heard.overlap:
                self._last = heard
                self._settle(heard, expects, understood)
            return understood

        return attend

    def _settle(self, heard: Heard, expects: Expects, understood: Understood) -> None:
        echoed, doubted = self._echoed, self._doubted
        self._doubted = None
        match understood.answer:
            case Match(kind="yes_no", value=True) if doubted is not None:
                self._confirmed.append(doubted)
                self._echoed = None
            case Match(kind="command") | Correction():
                self._echoed = None
            case Match(kind=kind, value=value):
                if echoed is not None and expects.corrects == "rating":
                    self._confirmed.append(echoed)
                self._echoed = self._said(heard, value) if kind == "rating" else None
            case Unsure(candidates=(value,)) if expects.kind == "rating":
                self._doubted, self._echoed = self._said(heard, value), None
            case Unsure():
                self._echoed = None
            case _:
                pass

    def _said(self, heard: Heard, value: object) -> Example | None:
        """The utterance as an example of this number, where it was the number's word alone."""
        word = self._numbers.get(value) if isinstance(value, float) else None
        uttered = self._learned.latest if self._learned is not None else None
        if word is None or uttered is None or not heard.text == uttered.read.text == word:
            return None
        found = shape(uttered.sound)
        return Example(word, found, heard=1.0) if found is not None else None

    def keep(self) -> None:
        """Keep what the session's answers confirmed. Raises `BadInput` where it cannot be kept."""
        confirmed, self._confirmed = self._confirmed, []
        self._hold(confirmed)

    # --- "forget my voice" ---

    def forget(self) -> None:
        """Take away all that was learned, also what this session has not kept yet. Raises `BadInput` where it stays."""
        if example_file.is_there(self._path):
            example_file.remove(self._path)
        self._confirmed.clear()
        self._echoed, self._attends = None, False
        if self._learned is not None:
            self._learned.teach(())

    def _forget(self) -> Lesson:
        if not example_file.is_there(self._path) and not self._confirmed:
            yield Say("forget.nothing")
            return
        sure, _ = yield from trit("forget.sure")
        if sure != "yes":
            yield Say("forget.kept")
            return
        try:
            self.forget()
        except BadInput:
            yield Say("forget.failed")
            return
        yield Say("forget.done")
