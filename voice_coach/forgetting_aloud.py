"""Forgetting by voice: "forget everything", "this session", "this ladder", each read back before it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping
from datetime import datetime

from voice_coach.coach.asking import trit
from voice_coach.coach.controls import Manner
from voice_coach.coach.danger import is_of_danger
from voice_coach.coach.floor import Over
from voice_coach.coach.means import Errand
from voice_coach.erasing import erase
from voice_coach.errors import CoachError
from voice_coach.records import Ladder, Rules
from voice_coach.remember import forgetting
from voice_coach.remember.store import Store
from voice_coach.words import Blank, Move, Outcome, Reply, Say

Script = Generator[Move, Reply, None]


class ForgettingAloud:
    """What one session can be asked to forget. It ends once that is done: nothing of it may go on."""

    def __init__(
        self,
        store: Store,
        session: str,
        rules: Rules,
        zone: str,
        wall: Callable[[], datetime],
        ladders: Mapping[str, Ladder],
        forget_voice: Callable[[], None],
    ) -> None:
        """`session`: the one being held. `forget_voice`: takes what was learned of the voice away."""
        self._store, self._session, self._rules, self._zone = store, session, rules, zone
        self._wall, self._ladders, self._forget_voice = wall, ladders, forget_voice

    def errands(self) -> Mapping[str, Errand]:
        """The short scripts behind the three commands."""
        scripts: Mapping[str, Callable[[], Script]] = {
            "forget_all": self._all, "forget_session": self._this, "forget_ladder": self._ladder,
        }  # fmt: skip
        return {name: _unless_in_danger(script) for name, script in scripts.items()}

    def _all(self) -> Script:
        with self._store.reading() as db:
            sessions = forgetting.of_profile(db, self._store.profile)
            count = forgetting.held(db, sessions)
        yield from self._forget("all", {"count": count}, sessions)

    def _this(self) -> Script:
        yield from self._forget("session", {}, {self._session})

    def _ladder(self) -> Script:
        ladder = self._store.history(self._zone).ladder
        if ladder is None:
            yield Say("forget.no_ladder")
            return
        with self._store.reading() as db:
            sessions = forgetting.on_ladder(db, self._store.profile, ladder) | {self._session}
            count = forgetting.held(db, sessions)
        name = self._ladders[ladder].name if ladder in self._ladders else ladder
        yield from self._forget("ladder", {"ladder": name, "count": count}, sessions)

    def _forget(self, what: str, blanks: Mapping[str, Blank], sessions: Collection[str]) -> Script:
        sure, _ = yield from trit(f"forget.{what}", blanks)
        if sure != "yes":
            yield Say("forget.stays")
            return
        everything = what == "all"
        try:
            if everything:
                self._forget_voice()
            erase(self._store, sessions, self._rules, self._wall(), self._zone, everything=everything)
        except CoachError:
            raise Over(Outcome("forgotten", "not_proved")) from None
        raise Over(Outcome("forgotten", f"{what}_done"))


def _unless_in_danger(script: Callable[[], Script]) -> Errand:
    def run(key: str, _: Manner) -> Script:
        return _not_here() if is_of_danger(key) else script()

    return run


def _not_here() -> Script:
    yield Say("control.not_here")
