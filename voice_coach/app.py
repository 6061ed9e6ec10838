"""Joins the parts: the only place that picks real engines, reads files and knows the wall clock."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Literal, TextIO

from voice_coach import catalog_files, helplines, kiosk, ladders, plain
from voice_coach.changing_ladders import CHANGED, ChangingLadders
from voice_coach.clocks import PipeClock, RealClock
from voice_coach.coach.attention import HEARD_OUT
from voice_coach.coach.building import BUILDING, building_session
from voice_coach.coach.controls import Manner
from voice_coach.coach.floor import Floor, Stage
from voice_coach.coach.means import Errand, Means
from voice_coach.coach.progress import Likelihood, progress, told
from voice_coach.coach.protocol import session
from voice_coach.coach.resuming import message_resumes, resume, safe_to_go_on
from voice_coach.coach.session import Session
from voice_coach.coach.stabilise import breathe, ground, upset_today
from voice_coach.coach.standing import read_once
from voice_coach.coach.today import AGAIN, Today
from voice_coach.errors import CoachError, Missing
from voice_coach.forgetting_aloud import ForgettingAloud
from voice_coach.grammars import Grammars, Made
from voice_coach.lessons import Lessons
from voice_coach.likeness import Likeness, read_likeness
from voice_coach.listen.learned import Learned
from voice_coach.listen.typed import Piped, Typed
from voice_coach.operator_hook import hook
from voice_coach.own_voice import OwnVoice
from voice_coach.ports import Clock, Entry, Events, Line, Listener, OpenSession, Phrase
from voice_coach.records import Trit
from voice_coach.remember.store import PASSING, Store
from voice_coach.reminding_aloud import RemindingAloud, moments_of
from voice_coach.settings import Settings
from voice_coach.speak import rendered
from voice_coach.speak.phrasing import Phrasing
from voice_coach.speak.printed import Printed
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.loading import load
from voice_coach.understand.safety import screen_of
from voice_coach.words import Blank, Outcome, Say, Script

VISITOR = "visitor"
"""The profile of whoever uses a kiosk."""


def make_home(home: Path) -> Path:
    """The home, made private where it is new. Raises `Missing` saying how to name another."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(home.iterdir()) or (home / "coach.db").exists():
            home.chmod(0o700)  # a folder that holds other things keeps its own mode
    except OSError as error:
        raise Missing(
            f"{home} cannot be written ({error.strerror}); give another folder with --home or VOICE_COACH_HOME."
        ) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise Missing(f"{home} cannot be written; give another folder with --home or VOICE_COACH_HOME.")
    return home


def load_catalog(settings: Settings) -> Catalog:
    """The catalog of the settings' language, with the home's own files in front."""
    return load(catalog_files.read_texts(settings.language, settings.home / "intents"))


def open_understanding(settings: Settings, read: Catalog | None = None) -> tuple[Catalog, Understanding]:
    """The catalog of the settings' language and what understands by it, with the safety screen listening in.

    `read`: the catalog, where it was read just before.
    """
    texts = catalog_files.read_texts(settings.language, settings.home / "intents")
    catalog = read or load(texts)
    return catalog, Understanding(catalog, screen_of(texts, open_likeness(settings.language)).hear)


def open_likeness(language: str) -> Likeness | None:
    """What utterances of danger are like, for the language that it was learned in."""
    if language != "en":
        return None
    path = catalog_files.shipped("models/screen.npz")
    return read_likeness(path.read_bytes(), str(path))


def local_zone() -> str:
    """The IANA name of this machine's zone; UTC where it has none."""
    from zoneinfo import ZoneInfo

    from tzlocal import get_localzone_name

    try:
        name = get_localzone_name() or "UTC"
        ZoneInfo(name)
    except Exception:  # whatever is odd about the machine's zone, the session goes on in UTC
        return "UTC"
    return name


@dataclass(frozen=True, slots=True)
class _Held:
    """What the sessions of one sitting share."""

    floor: Floor
    means: Means
    manner: Manner
    own: OwnVoice
    now: datetime


@dataclass(frozen=True, slots=True)
class Coach:
    """One person's coach: catalog, understanding and journal. Holds as many sessions as are asked for."""

    settings: Settings
    catalog: Catalog
    understanding: Understanding
    store: Store
    zone: str
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The wall clock, read once when a session starts or resumes."""
    script: Callable[[Today], Script] = session
    """What a new session is; one that was cut off goes on with its own."""
    lessons: Lessons | None = None
    """What learns this person's voice, and forgets it."""
    grammars: Made = field(default_factory=dict)
    """The closed grammar of each kind of turn, made when it is first wanted."""
    last_resort: Callable[[str], None] = lambda _: None
    """Gives the message of a response to danger when the session cannot."""
    where: Literal["spoken", "typed"] = "typed"
    """Spoken: with a microphone and a loudspeaker, so that recordings can be made and played."""

    def hold(self, stage: Stage) -> Outcome:
        """One session on these engines, taking up a session or message that was cut off before."""
        now = self._now()
        stage.speaker.adjust(self.settings.rate, self.settings.volume)
        phrase: Phrase = Phrasing(self.catalog, self.standing())
        if self.settings.kiosk:
            phrase = kiosk.worded(phrase)
        floor = Floor(stage, now, lambda what: phrase(f"device.{what}_lost", 0, {}))
        understand = self.understanding.understand
        manner = self._manner()
        own = OwnVoice(self.store, self.zone, self.wall, manner, "kiosk" if self.settings.kiosk else self.where)
        grammars = Grammars(self.understanding, self.settings.patience, self.grammars)
        means = Means(
            journal=self.store,
            interpret=own.attending(self.lessons.attending(understand) if self.lessons else understand),
            phrase=phrase,
            turn=lambda expects, pace: replace(grammars.turn(expects, pace), keep=own.keeps(expects)),
            id=str(uuid.uuid4()),
            last_resort=self.last_resort,
            in_danger=hook(self.settings.on_crisis),
            recording=own.sound,
        )
        try:
            return self._hold(_Held(floor, means, manner, own, now))
        except Exception as fault:
            # Whoever cannot read an error on a screen must hear that it ended. Within a session only the journal
            # raises errors of ours, and an answer that is not in it is lost.
            key = "say.unsaved" if isinstance(fault, CoachError) else "say.fault"
            floor.farewell(Line(0, phrase(key, 0, {}), key))
            raise
        finally:
            own.drop()

    def _hold(self, held: _Held) -> Outcome:
        cut = self.store.unfinished()
        outcome = self._go_on(cut, held) if cut else self._begin(held, {})
        while outcome == CHANGED:
            held.floor.renew()
            anew = replace(held, means=replace(held.means, id=str(uuid.uuid4())))
            outcome = self._begin(anew, self._answered_since(), again=True)
        if outcome.how == "forgotten":
            key = f"forget.{outcome.reason}"
            held.floor.farewell(Line(0, held.means.phrase(key, 0, {}), key))
        return outcome

    def _begin(self, held: _Held, screen: Mapping[str, Trit], again: bool = False) -> Outcome:
        floor, means, now = held.floor, held.means, held.now
        end = self.store.last_end()
        heard_out = end is not None and self.store.noted(end.session, HEARD_OUT)
        opening = message_resumes(end, heard_out, now, self.catalog.rules)
        self.store.begin(means.id, now, self.zone, self.catalog.digest)
        today = replace(self._today(now, None, screen), again=again)
        read_once(today.history, today.ladders.get(today.history.ladder or ""), today.rules)
        running = Session(lambda: self.script(today), floor, self._ready(held, means.id, today), today, held.manner)
        if not again:
            self._tell_first(running)
        return running.run(opening)

    def _go_on(self, cut: OpenSession, held: _Held) -> Outcome:
        floor, now = held.floor, held.now
        plan = resume(cut, now, self.catalog.digest, self.catalog.rules)
        first = next(iter(cut.entries), None)
        again = first is not None and first.key == AGAIN
        screen = json.loads(first.value) if first is not None and again else {}
        today = replace(self._today(cut.started, cut.id, screen), again=again)
        script = building_session if first is not None and first.key == BUILDING else session
        running = Session(lambda: script(today), floor, self._ready(held, cut.id, today), today, held.manner)
        next_seq = self.store.next_seq(cut.id)
        if plan.how in ("changed", "lapsed", "anew"):
            self._end(cut, next_seq, now, plan.how)
            if plan.how != "anew":
                running.announce(f"resume.{plan.how}")
            return self._begin(held, {})
        self._tell_first(running)
        running.restore(cut.entries, next_seq)
        if plan.anew_from is not None:
            running.forget_from(plan.anew_from)
        answers: list[Trit] = []
        outcome = running.run(safe_to_go_on(answers))
        if outcome == Outcome("changed"):
            floor.renew()
            return self._begin(held, {"since": answers[-1]})
        return outcome

    def _today(self, now: datetime, without: str | None, screen: Mapping[str, Trit]) -> Today:
        own = ladders.read_kept(self.store.own_ladders(without), self.catalog.ladders)
        return Today(
            history=self.store.history(self.zone, without),
            ladders={**self.catalog.ladders, **own},
            own=tuple(own),
            words=ladders.words_of(self.catalog, Phrasing(self.catalog, {})),
            rules=self.catalog.rules,
            now=now,
            zone=self.zone,
            screen=screen,
            sight_free=self.settings.sight_free,
        )

    def progress(self, now: datetime, known: Today | None = None) -> tuple[Say, ...]:
        """How this person is doing, as lines to speak. `known`: a look at the history that is not older than it."""
        today = known or self._today(now, None, {})
        rated = [Likelihood(before, after) for before, after in self.store.likelihoods()]
        ladder = today.ladders.get(today.history.ladder or "")
        return progress(today.history, ladder, rated, self.catalog.rules, now)

    def _ready(self, held: _Held, session: str, today: Today) -> Means:
        """The means of this session, with what can be asked for at any question."""
        changing = ChangingLadders(self.store, session, self.zone, self.wall, today.ladders, today.own, today.words)
        forgetting = ForgettingAloud(
            self.store, session, self.catalog.rules, self.zone, self.wall, today.ladders,
            self.lessons.forget if self.lessons else lambda: None,
        )  # fmt: skip
        reminding = RemindingAloud(
            None if self.settings.kiosk else self.settings.home, self.zone, self.wall, moments_of(self.catalog)
        )
        errands = {
            **self._errands(held.now, session, today), **held.own.errands(), **changing.errands(),
            **forgetting.errands(), **reminding.errands(),
        }  # fmt: skip
        interpret = reminding.attending(changing.attending(held.means.interpret))
        return replace(held.means, id=session, interpret=interpret, errands=errands)

    def _answered_since(self) -> Mapping[str, Trit]:
        """What a session that begins right after another need not ask again."""
        screens = self.store.history(self.zone).screens
        fresh = bool(screens) and self._now() - screens[-1] < timedelta(hours=1)
        return {"since": "no"} if fresh else {}

    def _errands(self, now: datetime, session: str, today: Today) -> Mapping[str, Errand]:
        """What is answered from history, rules and what was learned of the voice."""
        rules = self.catalog.rules
        gentle = upset_today(today.history, now, rules)
        return {
            "breathe": lambda *_: breathe(rules, gentle),
            "ground": lambda *_: ground(rules),
            "progress": lambda _, manner: told(
                self.progress(now, None if self.store.stepped(session) else today), manner.private
            ),
            **(self.lessons.errands() if self.lessons else {}),
        }

    def _end(self, cut: OpenSession, seq: int, now: datetime, how: str) -> None:
        value = json.dumps({"how": how, "reason": "cut"})
        self.store.append(Entry(cut.id, seq, now, self.zone, "end", how, 0, value))

    def _now(self) -> datetime:
        """The later of the wall clock, read once, and the newest row: a clock set back shortens no block."""
        wall = self.wall()
        last = self.store.last_moment()
        return max(wall, last) if last else wall

    def _manner(self) -> Manner:
        return Manner(self.settings.rate, self.settings.volume, self.settings.private, self.settings.silence)

    def _tell_first(self, running: Session) -> None:
        if self.settings.kiosk:
            running.announce("say.kiosk")
        if self.settings.on_crisis:
            running.announce("say.tells_operator")

    def standing(self) -> Mapping[str, Blank]:
        """Whom to call, for this person's country: the same all session."""
        texts = catalog_files.read_texts(self.settings.language, self.settings.home / "intents")
        locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        return helplines.standing_blanks(helplines.country_of(self.settings.country, locale), texts[helplines.FILE])


def lessons_of(settings: Settings, catalog: Catalog, learned: Learned | None, profile: str = "default") -> Lessons:
    """What learns this person's voice. On a kiosk nothing does, and what was learned of its owner is out of reach."""
    if settings.kiosk:
        return Lessons(settings.home, catalog, VISITOR, unheard="learn.kiosk")
    return Lessons(settings.home, catalog, profile, learned=learned)


def open_coach(
    settings: Settings, profile: str = "default", zone: str | None = None, read: Catalog | None = None
) -> Coach:
    """The coach of this home and profile; `read`: see `open_understanding`. Raises `CoachError` with what to do."""
    make_home(settings.home)
    catalog, understanding = open_understanding(settings, read)
    # A visitor of a shared device leaves nothing behind, and the next one finds nothing.
    store = Store(PASSING if settings.kiosk else settings.home / "coach.db", profile)
    lessons = lessons_of(settings, catalog, None, profile)
    coach = Coach(settings, catalog, understanding, store, zone or local_zone(), lessons=lessons)
    try:
        store.sweep_recordings()
        rendered.keep(settings.home, coach.standing())
    except BaseException:
        store.close()
        raise
    return coach


def tell_progress(settings: Settings) -> list[str]:
    """How the person of this home is doing, a sentence a line."""
    coach = open_coach(settings)
    with closing(coach.store):
        phrase = Phrasing(coach.catalog, {})
        return [phrase(say.key, 0, say.blanks) for say in coach.progress(coach.wall())]


def hold_typed(
    settings: Settings, source: BinaryIO, out: TextIO, *, terminal: bool, real_time: bool, building: bool = False
) -> Outcome:
    """The session by keyboard or pipe; `building`: only a ladder is built."""
    events: Events = SimpleQueue()
    listener: Listener
    clock: Clock
    if terminal:
        clock = RealClock()
        listener = Typed(source, events, clock.now)
        # Whoever types is not hurried: a blank line says that nothing will come.
        settings = replace(settings, silence=float("inf"))
    else:
        pipe = Piped(source)
        listener, clock = pipe, PipeClock(pipe.pull, real_time)
    tell = plain.teller(settings.home, out)
    try:
        coach = open_coach(settings)
    except Exception:  # whatever is broken, whoever is in danger must be told the number
        plain.lead(tell, plain.typed(source), settings.language)
        raise
    coach = replace(coach, last_resort=lambda response: plain.respond(tell, response))
    if building:
        coach = replace(coach, script=building_session)
    with closing(coach.store):
        return run_stage(coach, Stage(clock, events, listener, Printed(out, events)))


def run_stage(coach: Coach, stage: Stage) -> Outcome:
    """Start the engines, hold one session, release the engines whatever happens."""
    try:
        stage.listener.start()
        stage.speaker.start()
        return coach.hold(stage)
    finally:
        stage.listener.shut()
        stage.speaker.shut()
