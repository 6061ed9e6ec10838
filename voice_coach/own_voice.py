"""A session's recordings of its person's own voice: which sound is held, how it is played, listed and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Literal

from voice_coach.coach.asking import trit, yes_no
from voice_coach.coach.controls import Manner
from voice_coach.coach.means import Errand
from voice_coach.coach.today import when
from voice_coach.errors import CoachError
from voice_coach.ports import Interpret
from voice_coach.remember.store import Store
from voice_coach.words import Expects, Heard, Move, Reply, Say, Understood

Where = Literal["spoken", "typed", "kiosk"]
Script = Generator[Move, Reply, None]
LEAVING = frozenset({"skip", "done", "dont_want", "dont_know"})


class OwnVoice:
    """What one session may keep and play. Nothing but a spoken session keeps or plays anything."""

    def __init__(self, store: Store, zone: str, wall: Callable[[], datetime], manner: Manner, where: Where) -> None:
        self._store, self._zone, self._wall, self._manner, self._where = store, zone, wall, manner, where

    def keeps(self, expects: Expects) -> bool:
        """Whether the sound of this turn is held: what was learned, aloud, not in private, never after a no."""
        if self._where != "spoken" or expects.checks != "learned" or self._manner.private:
            return False
        return self._store.history(self._zone).own_voice != "no"

    def attending(self, interpret: Interpret) -> Interpret:
        """The same understanding; on the way the sound of a turn that keeps it is held."""

        def attend(heard: Heard, expects: Expects) -> Understood:
            if heard.sound:
                self._store.recordings.held = heard.sound
            return interpret(heard, expects)

        return attend

    def sound(self, name: str) -> bytes:
        """The recording, as a line takes it; empty where it cannot be played."""
        return self._store.recordings.sound(name) if self._where == "spoken" else b""

    def drop(self) -> None:
        """Hold no sound any more."""
        self._store.recordings.held = b""

    def errands(self) -> Mapping[str, Errand]:
        """The short scripts behind what can be said about recordings."""
        return {
            "recordings": lambda _, manner: self._list(manner),
            "keep_voice": lambda *_: self._allow(),
            "keep_no_voice": lambda *_: self._forbid(),
            "forget_recordings": lambda *_: self._delete(),
        }

    def _list(self, manner: Manner) -> Script:
        found = self._store.recorded()
        yield Say("recordings.count", {"count": len(found)}) if found else Say("recordings.none")
        if not found:
            return
        if self._where != "spoken":
            yield Say(f"own_voice.{self._where}")
        elif manner.private:
            yield Say("private.recordings")
        else:
            yield from self._play(found)

    def _play(self, found: tuple[tuple[str, datetime], ...]) -> Script:
        for nth, (name, at) in enumerate(found):
            wanted = yield from yes_no("recordings.next" if nth else "recordings.first", accepts=LEAVING)
            if wanted.value is not True:
                return
            told = {"when": when(at, self._wall(), self._zone)}
            yield Say("recordings.one", told, recording=name, otherwise=Say("recordings.broken"))

    def _allow(self) -> Script:
        if self._where != "spoken":
            yield Say(f"own_voice.{self._where}")
            return
        sure, _ = yield from trit("own_voice.sure")
        if sure == "yes":
            self._note("yes")
        yield Say("own_voice.on" if sure == "yes" else "own_voice.no")

    def _forbid(self) -> Script:
        self._note("no")
        yield Say("own_voice.off")

    def _delete(self) -> Script:
        names = [name for name, _ in self._store.recorded()]
        if not names:
            yield Say("recordings.none")
            return
        sure, _ = yield from trit("forget.recordings", {"count": len(names)})
        if sure != "yes":
            yield Say("forget.stays")
            return
        try:
            self._store.recordings.remove(names)
        except CoachError:
            yield Say("forget.recordings_failed")
            return
        self._note("no")
        yield Say("forget.recordings_done")

    def _note(self, answer: Literal["yes", "no"]) -> None:
        if answer == "no":
            self.drop()
        last = self._store.last_moment()
        now = max(self._wall(), last) if last else self._wall()
        self._store.keep(str(uuid.uuid4()), now, self._zone, [("own_voice", {"answer": answer})])
