"""Runs one script: asks, attends to danger and commands, journals each answer before it acts, and ends well.

Order of attention: crisis, stop as a whole utterance, the expected answer, other commands, doubt, nothing or silence.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from voice_coach.coach import controls, danger
from voice_coach.coach.attention import Attention
from voice_coach.coach.floor import Floor, Over
from voice_coach.coach.ledger import Ledger
from voice_coach.coach.means import Means
from voice_coach.coach.quiet_minute import keep_quiet_for
from voice_coach.coach.replay import LEFT, Replay
from voice_coach.coach.stepping import expose
from voice_coach.coach.today import Today
from voice_coach.coach.voicing import Voicing, is_own_tail
from voice_coach.ports import Entry, EntryKind, Line, Tone
from voice_coach.words import (
    Ask,
    Correction,
    Expects,
    Expose,
    Exposed,
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
YES_OR_NO = ("yes", "no")
"""Asked whether this was said, whoever names a number means the one that was echoed before."""


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
        self._restored = False
        self._danger = Attention(self._rows, floor, means, today, manner, self.aside, self._note)

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

    def run(self, opening: Generator[Move, Reply, Outcome | None] | None = None) -> Outcome:
        """To the end. The end is in the journal, unless the session was only cut off.

        `opening` is an aside before the script; where an outcome comes of it, the session ends so.
        """
        while True:
            try:
                ended, opening = None if opening is None else self.aside(opening), None
                if self._restored:
                    self._restored = False
                    self._danger.take_up()
                outcome = ended or self._drive(self._make())
                if outcome.how == "crisis":
                    self._danger.respond("harm" if outcome.reason == "harm" else "suicide")
                self._close(outcome)
            except _Anew:
                continue
            except Over as over:
                outcome = self._danger.crisis or over.outcome
                self._close(outcome)
                if outcome in (Outcome("stopped"), Outcome("interrupted")):
                    self._floor.farewell(Line(0, self._voice.phrase(Say("say.stopped")), "say.stopped"))
            self._floor.enter("finish")
            return outcome

    def aside(self, script: Generator[Move, Reply, T]) -> T:
        """Run a short script beside the session, journalled but never replayed."""
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
                    reply = self._ask(move, "aside")
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
                return self._ask(self._rows.knowing(move), "answer")
            case Expose():
                return self._expose(move)
        return Reply(None, self._floor.now())

    def _close(self, outcome: Outcome) -> None:
        """The terminal row. What was only cut off has none: it can be gone on with; what was forgotten leaves none."""
        cut = ("input_ended", "interrupted", "device_lost", "forgotten")
        if self._danger.crisis is None and outcome.how not in cut:
            self._note("end", outcome.how, {"how": outcome.how, "reason": outcome.reason})

    def _note(self, kind: EntryKind, key: str, value: object) -> None:
        self._rows.append(kind, key, json.dumps(value), self._floor.now())

    # --- speaking ---

    def _say(self, say: Say, lead: Say | None = None, tone: Tone = "", wording: int = 0) -> None:
        self._voice.say(say, lead, tone, wording)
        if not self._danger.crisis:
            self._danger.attend(self._voice.take_danger())

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

    def _ask(self, ask: Ask, kind: EntryKind) -> Reply:
        speak, bound = True, self._danger.binds(ask.key)
        if self._manner.private and ask.key in controls.UNSPOKEN:
            self._say(Say("private.once_more"))
            return self._rows.answer(ask, Reply(Nothing(1.0), self._floor.now()), kind, "")
        while True:
            if speak and not ask.silent:
                tone: Tone = "soft" if ask.pace == "reflection" else "listening"
                self._say(Say(ask.key, ask.blanks), ask.lead, tone, ask.wording)
            speak = True
            heard = self._listen(ask)
            if isinstance(heard, Silence):
                self._floor.enter("silence")
                return self._rows.answer(ask, Reply(heard, self._floor.now()), kind, "")
            self._floor.enter("heard")
            understood = self._means.interpret(heard, ask.expects)
            answer = controls.answered(understood.answer, ask)
            of_danger = danger.is_of_danger(ask.key)
            if not of_danger and self._danger.attend(understood.flags):
                continue
            if is_own_tail(heard, ask):
                speak = False
                continue
            if of_danger and (flagged := self._danger.answered(understood.flags)):
                answer = flagged
            match answer:
                case Match(kind="question", value=str(name)) if ask.pace != "reflection" and not self._danger.crisis:
                    self._say(controls.answer(name, self._manner))
                case Match(kind="command", value=str(name)) if name not in ask.accepts and (
                    not bound or name in danger.HELD
                ):
                    speak = self._command(name, ask)
                case Correction(value=value, score=score) if not ask.clarifies or ask.blanks.get("value") in YES_OR_NO:
                    if self._rows.correct(ask, value, self._floor.now(), score, heard.manner):
                        raise _Anew
                case _:
                    raised = tuple(flag.kind for flag in understood.flags if flag.category == "contraindication")
                    reply = Reply(answer, self._floor.now(), heard.manner, raised, bool(heard.sound))
                    return self._rows.answer(ask, reply, kind, heard.text)

    def _listen(self, ask: Ask) -> Heard | Silence:
        turn = self._means.turn(ask.expects, ask.pace)
        if ask.pace == "reflection":
            return keep_quiet_for(ask, self._floor, turn, self._means.interpret)
        seconds = self._manner.silence if ask.seconds is None else ask.seconds
        if self._danger.binds(ask.key):  # a silence counts there, also where nobody is hurried
            seconds = min(seconds, max(danger.STILL_HERE_SECONDS, ask.seconds or 0.0))
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
                if self._rows.go_back(ask, everything=name == "start_over"):
                    raise _Anew
                self._say(Say("control.cannot_go_back"))
            case "pause":
                return self._wait(ask)
            case "slower" | "faster" | "louder" | "quieter":
                said = controls.adjust(self._manner, name)
                self._floor.adjust(self._manner.rate, self._manner.volume)
                self._say(said)
            case "ask_later" | "ask_sooner" | "ask_never":
                self._say(controls.hurry(self._manner, name))
            case "choices" | "help" if name == "choices" or self._danger.binds(ask.key):
                self._say(Say(ask.key, ask.blanks), tone="listening", wording=-1)
                return False
            case "repeat" | "resume":
                pass
            case "where_am_i" | "time_left":
                at, saved = controls.where(ask, self._rows.asked(), self._rows.last_said())
                self._say(saved if name == "where_am_i" else at, lead=at if name == "where_am_i" else None)
            case _ if name in self._means.errands:
                self.aside(self._means.errands[name](ask.key, self._manner))
            case _:
                said_last = self._rows.last_said()
                told = controls.tell(name, ask, said_last, self._today.history, self._manner)
                self._say(told or Say("control.not_here"))
        return True

    def _wait(self, ask: Ask) -> bool:
        """Hold with no end until somebody speaks again. True: the question has to be spoken again."""
        self._say(Say("control.waiting"))
        self._floor.enter("wait")
        turn = self._means.turn(Expects("command"), "short")
        while True:
            heard = self._floor.listen(turn, math.inf)
            if isinstance(heard, Silence):
                continue
            understood = self._means.interpret(heard, Expects("command"))
            self._danger.attend(understood.flags)
            match understood.answer:
                case Match(kind="command", value="resume" | "pause" | "repeat"):
                    break
                case Match(kind="command", value=str(name)) if name not in ask.accepts:
                    self._floor.enter("resume")
                    return self._command(name, ask)
                case Match(kind="command") | Unsure(candidates=("resume", *_) | (_, "resume", *_)):
                    break  # a doubtful "go on" only asks the question again; silence would leave the person alone
        self._floor.enter("resume")
        return True

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
        felt = {"feeling": stepped.feeling} if stepped.feeling else {}
        self._note("exposed", go.id, facts | {"how": stepped.how, "ended": ended.isoformat()} | felt)
        self._floor.enter("step_over")
        self._danger.attend(stepped.noted)
        return Reply(Exposed(stepped.how, started, ended, stepped.feeling), ended)

    def _left(self) -> None:
        """In the journal at once: after a crash the step still counts as done elsewhere."""
        self._note("aside", LEFT, {})
