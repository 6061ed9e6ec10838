"""Runs one script: asks, attends to danger and commands, journals each answer before it acts, and ends well.

Order of attention: crisis, stop as a whole utterance, the expected answer, other commands, doubt, nothing or silence.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from voice_coach.coach import controls, danger
from voice_coach.coach.floor import Floor, Over
from voice_coach.coach.ledger import Ledger
from voice_coach.coach.means import Means
from voice_coach.coach.quiet_minute import keep_quiet_for
from voice_coach.coach.replay import LEFT, Replay
from voice_coach.coach.stepping import expose
from voice_coach.coach.today import Today
from voice_coach.coach.voicing import Voicing, is_own_tail
from voice_coach.ports import Entry, EntryKind, Line
from voice_coach.words import (
    Ask,
    Correction,
    DangerKind,
    Expects,
    Expose,
    Exposed,
    Flag,
    Heard,
    Match,
    Move,
    Note,
    Nothing,
    Outcome,
    Reply,
    Say,
    Script,
    Silence,
    Unsure,
)  # fmt: skip

T = TypeVar("T")
HEARD_OUT = "message_heard_out"
"""The fact that a message in danger came to its end."""
FLAGS_THAT_COUNT_AS_YES = 3
"""So many possible danger phrases in one session are taken for a yes."""


class _Anew(Exception):
    """The script has to be run again from the journal (go back, a correction)."""


class Session:
    """One session over one journal."""

    def __init__(
        self, make: Callable[[], Script], floor: Floor, means: Means, today: Today, manner: controls.Manner
    ) -> None:
        self._make, self._floor, self._means, self._today = make, floor, means, today
        self._rows = Ledger(means.journal, means.id, today.zone)
        self._used: set[str] = set()
        self._manner = manner
        self._waiting: Say | None = None
        self._voice = Voicing(floor, means, manner)
        self._asked_about: set[str] = set()
        self._flagged = 0
        self._restored = False
        self._crisis: Outcome | None = None

    def restore(self, rows: Sequence[Entry], next_seq: int) -> None:
        """Go on with the living rows of an earlier run; `next_seq` is the number for the next row."""
        self._rows.restore(rows, next_seq)
        self._restored = True

    def forget_from(self, seq: int) -> None:
        """Ask everything from this row on anew; the journal keeps the rows, marked replaced."""
        self._rows.drop_from(seq)

    def announce(self, key: str) -> None:
        """Say one line outside the script."""
        self._say(Say(key))

    def run(self, opening: Generator[Move, Reply, bool] | None = None) -> Outcome:
        """To the end. The end is in the journal, unless the session was only cut off.

        `opening` is an aside before the script; where it returns False the session ends as "changed".
        """
        while True:
            try:
                going, opening = opening is None or self.aside(opening), None
                if self._restored:
                    self._restored = False
                    self._open_question()
                outcome = self._drive(self._make()) if going else Outcome("changed")
                if outcome.how == "crisis":
                    self._respond("harm" if outcome.reason == "harm" else "suicide")
                self._close(outcome)
            except _Anew:
                continue
            except Over as over:
                outcome = self._crisis or over.outcome
                self._close(outcome)
                if outcome in (Outcome("stopped"), Outcome("interrupted")):
                    self._floor.farewell(Line(0, self._voice.phrase(Say("say.stopped")), "say.stopped"))
            self._floor.enter("finish")
            return outcome

    def aside(self, script: Generator[Move, Reply, T], attends: bool = False) -> T:
        """Run a short script beside the session, journalled but never replayed. `attends`: as alert as the session."""
        reply: Reply | None = None
        while True:
            try:
                move = next(script) if reply is None else script.send(reply)
            except StopIteration as stop:
                self._flush()
                value: T = stop.value
                return value
            match move:
                case Ask():
                    self._flush(None if move.silent else Say(move.key, move.blanks))
                    reply = self._ask(move, "aside", attends)
                case Say():
                    self._queue(move)
                    reply = Reply(None, self._floor.now())
                case Note():
                    self._flush()
                    self._note("aside", move.name, dict(move.value))
                    reply = Reply(None, self._floor.now())
                case Expose():
                    raise TypeError("an aside holds no exposure")

    def _drive(self, script: Script) -> Outcome:
        replay = Replay(self._rows.living, self._floor.now())
        reply: Reply | None = None
        while True:
            try:
                move = next(script) if reply is None else script.send(reply)
            except StopIteration as stop:
                self._flush()
                outcome: Outcome = stop.value
                return outcome
            reply = replay.reply(move)
            if reply is None:
                rest = replay.rest()
                if rest is not None:
                    self._rows.drop_from(rest)
                    replay = Replay((), self._floor.now())
                reply = self._live(move)

    def _live(self, move: Move) -> Reply:
        if isinstance(move, Say):
            self._queue(move)
            return Reply(None, self._floor.now())
        self._flush(Say(move.key, move.blanks) if isinstance(move, Ask) and not move.silent else None)
        match move:
            case Note():
                value = dict(move.value) | ({"barrier": True} if move.barrier else {})
                self._note("note", move.name, value)
            case Ask():
                return self._ask(self._rows.knowing(move), "answer", True)
            case Expose():
                return self._expose(move)
        return Reply(None, self._floor.now())

    def _close(self, outcome: Outcome) -> None:
        """The terminal row. What was only cut off has none: it can be gone on with; what was forgotten leaves none."""
        if self._crisis is None and outcome.how not in ("input_ended", "interrupted", "device_lost", "forgotten"):
            self._note("end", outcome.how, {"how": outcome.how, "reason": outcome.reason})

    def _note(self, kind: EntryKind, key: str, value: object) -> None:
        self._rows.append(kind, key, json.dumps(value), self._floor.now())

    # --- speaking ---

    def _say(self, say: Say, lead: Say | None = None, tone: bool = False, wording: int = 0) -> None:
        self._voice.say(say, lead, tone, wording, stoppable=self._crisis is None)
        if not self._crisis:
            self._attend(self._voice.take_danger())

    def _queue(self, say: Say) -> None:
        """Speak the line that waits while this one is made ready; this one waits in its place."""
        self._flush(say)
        self._waiting = say

    def _flush(self, following: Say | None = None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        if following is not None:
            self._floor.prepare(self._voice.phrase(following))
        self._say(waiting)

    # --- asking ---

    def _ask(self, ask: Ask, kind: EntryKind, attends: bool) -> Reply:
        speak = True
        while True:
            if speak and not ask.silent:
                self._say(Say(ask.key, ask.blanks), ask.lead, tone=True, wording=ask.wording)
            speak = True
            heard = self._listen(ask)
            if isinstance(heard, Silence):
                self._floor.enter("silence")
                return self._rows.answer(ask, Reply(heard, self._floor.now()), kind, "")
            self._floor.enter("heard")
            understood = self._means.interpret(heard, ask.expects)
            answer = controls.answered(understood.answer, ask)
            if attends and self._attend(understood.flags):
                continue
            if is_own_tail(heard, ask):
                speak = False
                continue
            if not attends and (flagged := self._aside_flag(understood.flags)):
                answer = flagged
            match answer:
                case Match(kind="question", value=str(name)) if ask.pace != "reflection" and not self._crisis:
                    self._say(controls.answer(name, self._manner))
                case Match(kind="command", value=str(name)) if name not in ask.accepts:
                    speak = self._command(name, ask)
                case Correction(value=value) if not ask.clarifies:
                    if self._rows.correct(value, self._floor.now(), ask.expects.echoed):
                        raise _Anew
                case _:
                    raised = tuple(flag.kind for flag in understood.flags if flag.category == "contraindication")
                    reply = Reply(answer, self._floor.now(), heard.manner, raised, bool(heard.sound))
                    return self._rows.answer(ask, reply, kind, heard.text)

    def _listen(self, ask: Ask) -> Heard | Silence:
        turn = self._means.turn(ask.expects, ask.pace)
        if ask.pace == "reflection":
            return keep_quiet_for(ask, self._floor, turn, self._means.interpret)
        seconds = self._means.silence_seconds if ask.seconds is None else ask.seconds
        if not ask.silent:
            return self._floor.listen(turn, seconds)
        if ask.until is not None:
            seconds = max(0.0, (ask.until - self._floor.now()).total_seconds())
        return self._floor.wait(turn, seconds, lambda heard: self._counts(heard, ask))

    def _counts(self, heard: Heard, ask: Ask) -> bool:
        """Whether it is an answer to this or danger."""
        understood = self._means.interpret(heard, ask.expects)
        return isinstance(understood.answer, Match) or any(flag.category == "crisis" for flag in understood.flags)

    # --- commands ---

    def _command(self, name: str, ask: Ask) -> bool:
        """Do what a command says. True: the question has to be spoken again."""
        match name:
            case "stop" | "goodbye" | "too_much":
                raise Over(Outcome("stopped"))
            case "driving":
                self._say(Say("say.driving"))
                raise Over(Outcome("stopped", "driving"))
            case "go_back" | "start_over":
                if self._rows.go_back(everything=name == "start_over"):
                    raise _Anew
                self._say(Say("control.cannot_go_back"))
            case "pause":
                self._wait()
            case "slower" | "faster" | "louder" | "quieter":
                said = controls.adjust(self._manner, name)
                self._floor.adjust(self._manner.rate, self._manner.volume)
                self._say(said)
            case "choices":
                self._say(Say(ask.key, ask.blanks), tone=True, wording=-1)
                return False
            case "repeat" | "resume":
                pass
            case _ if name in self._means.errands:
                self.aside(self._means.errands[name](ask.key, self._manner), attends=True)
            case _:
                said_last = self._rows.last_said()
                told = controls.tell(name, ask, said_last, self._today.history, self._manner)
                self._say(told or Say("control.not_here"))
        return True

    def _wait(self) -> None:
        """Hold with no end until somebody speaks again."""
        self._say(Say("control.waiting"))
        self._floor.enter("wait")
        turn = self._means.turn(Expects("command"), "short")
        while True:
            heard = self._floor.listen(turn, math.inf)
            if isinstance(heard, Silence):
                continue
            understood = self._means.interpret(heard, Expects("command"))
            self._attend(understood.flags)
            match understood.answer:
                case Match(kind="command", value="stop"):
                    raise Over(Outcome("stopped"))
                case Match(kind="command") | Unsure(candidates=("resume", *_) | (_, "resume", *_)):
                    break  # a doubtful "go on" only asks the question again; silence would leave the person alone
        self._floor.enter("resume")

    # --- danger ---

    def _attend(self, flags: Sequence[Flag]) -> bool:
        """Respond to danger. True: it was cleared, so the question is asked again."""
        crises = [flag for flag in flags if flag.category == "crisis"]
        new = [flag for flag in crises if flag.tier == "certain" or flag.phrase not in self._asked_about]
        if not new or self._crisis:
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

    def _face(self, kind: DangerKind, phrases: Sequence[str], sure: bool) -> None:
        """Ask what has to be asked and act on it. In the journal first: a crash in the question finds it open."""
        if sure and danger.RESPONSE[kind] not in danger.ASK_FOR_THEMSELVES:
            self._act(kind)
            return
        self._rows.forgiving, before = True, self._rows.forgiving
        self._note("aside", danger.FLAG, {"kind": kind, "phrases": list(phrases), "sure": sure})
        if sure or self.aside(danger.check(kind, self._manner.private)):
            self._act(kind)
        self._note("aside", danger.CLEARED, {})
        self._rows.forgiving = before

    def _open_question(self) -> None:
        """Ask again what a crash cut off, and remember what was asked before it."""
        flags, still_open = danger.taken_up(self._rows.living)
        for flag in flags:
            self._asked_about.update(flag.phrases)
            self._flagged += not flag.sure
        if still_open:
            self._face(flags[-1].kind, flags[-1].phrases, flags[-1].sure)

    def _aside_flag(self, flags: Sequence[Flag]) -> Nothing | None:
        """Danger in the answer to a danger question: certain words act; the rest is no clear answer."""
        if self._crisis:
            return None
        for flag in flags:
            if flag.tier == "certain" and danger.RESPONSE.get(flag.kind) in ("crisis", "harm"):
                self._respond(flag.kind)
        return Nothing(1.0) if any(flag.category == "crisis" for flag in flags) else None

    def _act(self, kind: DangerKind) -> None:
        match danger.RESPONSE[kind]:
            case "other":
                self.aside(danger.for_another())
            case "now":
                self._note("note", "upset", {"kind": kind})
                self.aside(danger.steady(self._today.rules))
                raise Over(Outcome("steadied", kind))
            case "medical" if self.aside(danger.known_from_anxiety()):
                return
            case _:
                self._respond(kind)

    def _respond(self, kind: DangerKind) -> None:
        """The latch first, then the message: a crash in the message finds the latch set. Always raises Over."""
        self._rows.forgiving = True
        self._note("end", "crisis", {"how": "crisis", "reason": kind})
        self._crisis = Outcome("crisis", kind)
        self._floor.enter("danger")
        self._means.in_danger()
        try:
            self.aside(danger.MESSAGES[danger.RESPONSE[kind]]())
        except (Over, _Anew):
            raise
        except Exception:  # whatever broke, the person hears the message
            self._means.last_resort(danger.RESPONSE[kind])
        self._note("note", HEARD_OUT, {})
        raise Over(self._crisis)

    # --- the step ---

    def _expose(self, move: Expose) -> Reply:
        go = move.go
        started = self._floor.now()
        if go.id in self._used or started > go.until:
            raise ValueError("a Go is for one exposure, within half an hour")
        self._used.add(go.id)
        variation = go.variation.id if go.variation else None
        facts = {"id": go.id, "ladder": go.rung.ladder, "rung": go.rung.id, "variation": variation}
        facts["started"] = started.isoformat()
        self._note("expose", go.id, facts)
        self._floor.enter("expose")
        turn = self._means.turn(Expects("command"), "exposure")
        stepped = expose(go, self._floor, turn, self._means.interpret, self._voice.line, self._left)
        ended = self._floor.now()
        self._note("exposed", go.id, facts | {"how": stepped.how, "ended": ended.isoformat()})
        self._floor.enter("step_over")
        self._attend(stepped.noted)
        return Reply(Exposed(stepped.how, started, ended), ended)

    def _left(self) -> None:
        """In the journal at once: after a crash the step still counts as done elsewhere."""
        self._note("aside", LEFT, {})
