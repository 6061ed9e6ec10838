"""Changing to another ladder by voice: at once before the step, else from the next session on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Mapping
from datetime import datetime

from voice_coach.asked_aloud import AskedAloud
from voice_coach.coach import changing
from voice_coach.coach.controls import Manner
from voice_coach.coach.danger import is_of_danger
from voice_coach.coach.floor import Over
from voice_coach.coach.means import Errand
from voice_coach.coach.today import LadderWords
from voice_coach.ports import Interpret
from voice_coach.records import Ladder
from voice_coach.remember.store import Store
from voice_coach.words import Move, Outcome, Reply, Say

CHANGED = Outcome("changed", "ladder")
"""The session was closed because another ladder was chosen: a new one begins at once."""
NAMING = "use "
"""What stands before a ladder's name: "use the dogs ladder"."""


class ChangingLadders:
    """What one session can be told about ladders."""

    def __init__(
        self,
        store: Store,
        session: str,
        zone: str,
        wall: Callable[[], datetime],
        ladders: Mapping[str, Ladder],
        own: tuple[str, ...],
        words: LadderWords,
    ) -> None:
        self._store, self._session, self._zone, self._wall = store, session, zone, wall
        self._ladders, self._own, self._words = ladders, own, words
        self._asked = AskedAloud("change_ladder")

    def attending(self, interpret: Interpret) -> Interpret:
        """The same understanding; on the way it is noted in which words another ladder was asked for."""
        return self._asked.attending(interpret)

    def errands(self) -> Mapping[str, Errand]:
        """The short scripts behind "my ladders" and "change ladder"."""
        return {"my_ladders": self._tell, "change_ladder": self._change}

    def _tell(self, _: str, manner: Manner) -> Generator[Move, Reply, None]:
        yield from changing.told(self._store.history(self._zone), self._ladders, manner.private)

    def _change(self, key: str, _: Manner) -> Generator[Move, Reply, None]:
        if is_of_danger(key):
            yield Say("control.not_here")
            return
        history = self._store.history(self._zone)
        named = self._named()
        if named is not None and named == history.ladder:
            yield Say("ladders.same")
            return
        ladder = yield from changing.chosen(history, self._ladders, self._own, named)
        if ladder is None:
            yield Say("ladders.stays")
            return
        last = self._store.last_moment()
        now = max(self._wall(), last) if last else self._wall()
        fact = {"ladder": ladder.id, "fear": ladder.name}
        self._store.keep(str(uuid.uuid4()), now, self._zone, [("ladder", fact)])
        if not self._store.stepped(self._session):
            raise Over(CHANGED)
        yield Say("ladders.next_time", {"ladder": ladder.name})

    def _named(self) -> str | None:
        _, found, name = self._asked.take().lower().partition(NAMING)
        near = self._words.nearest(name, self._ladders.values()) if found else ()
        return near[0] if near else None
