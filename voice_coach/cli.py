"""The command line: parse arguments, print, exit codes. One short function a command."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import BinaryIO, NoReturn, cast

from voice_coach.errors import BadUsage, CoachError, Missing
from voice_coach.home import home_folder
from voice_coach.settings import Settings, read_settings
from voice_coach.words import KINDS, Expects, Heard, Outcome

Command = Callable[[argparse.Namespace, Settings], int]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadUsage(f"{message}. Try '{self.prog} --help'.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Every fault reaches the person as plain sentences."""
    for library in ("OMP", "OPENBLAS"):  # read when numpy loads: its threads cost more than they bring here
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    kept = "What was said so far is kept"
    try:
        parsed = _parser().parse_args(arguments)
        settings = read_settings(home_folder(parsed.home))
        if settings.kiosk:
            kept = "Nothing of what was said is kept"
        if getattr(parsed, "recognizer", None):
            settings = replace(settings, recognizer=parsed.recognizer)
        command = cast(Command, parsed.command)
        return command(parsed, settings)
    except CoachError as fault:
        print(fault.message, file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        print(f"Stopped. {kept}.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stdout = None  # whoever read it went away; flushing at exit would only complain
        return 1
    except Exception as fault:
        if os.environ.get("VOICE_COACH_TRACEBACK"):
            raise
        print(
            f"Something in the coach broke ({type(fault).__name__}). {kept}; start it again. "
            "VOICE_COACH_TRACEBACK=1 shows where it broke.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="voice-coach", description="Leads one small step towards a fear, by voice, offline.")
    parser.add_argument("--version", action="version", version=f"voice-coach {version('voice-coach')}")
    parser.add_argument("--home", help="where everything is kept (default: VOICE_COACH_HOME or your data folder)")
    parser.set_defaults(command=_pick)
    commands = parser.add_subparsers(metavar="COMMAND")
    talk = _add(commands, "talk", _talk, "the spoken session")
    talk.add_argument("--recognizer", help="auto, vosk or pocketsphinx")
    _add(commands, "type", _type, "the session by keyboard or pipe").add_argument(
        "--real-time", action="store_true", help="on a pipe, wait as a person would have to"
    )
    understand = _add(commands, "understand", _understand, "what lines on standard input mean, as JSON")
    understand.add_argument("--expects", required=True, help="rating, yes-no, choice:first|second, command or text")
    understand.add_argument("--explain", action="store_true", help="show candidates and the guard that decided")
    hear = _add(commands, "hear", _hear, "what recordings say: one file is one utterance, one JSON object a file")
    hear.add_argument("files", nargs="+", metavar="FILE.wav")
    hear.add_argument("--expects", required=True, help="rating, yes-no, choice:first|second, command or text")
    hear.add_argument("--recognizer", help="auto, vosk or pocketsphinx")
    hear.add_argument("--model", help="a Vosk model's folder")
    hear.add_argument("--apart", action="store_true", help="take each file alone, not as one person's session")
    learn = _add(commands, "learn", _learn, "take recordings of this person's words as examples, for hear and talk")
    learn.add_argument("file", metavar="FILE.tsv", help="a table with the columns path and word")
    learn.add_argument("--recognizer", help="auto, vosk or pocketsphinx")
    rehearse = _add(commands, "rehearse", _rehearse, "a whole session with an imagined person, no hardware")
    rehearse.add_argument("--script", metavar="FILE", help="what the person says, as for type: a line an answer")
    rehearse.add_argument("--wav", metavar="OUT.wav", help="keep the sound: the coach left, the person right")
    rehearse.add_argument("--seed", type=int, default=1, help="which person (default 1)")
    rehearse.add_argument("--days", type=int, default=0, metavar="N", help="a session a day from N days ago, typed")
    rehearse.add_argument("--spoken", action="store_true", help="speak the days too")
    ladder = _add(commands, "ladder", _ladder, "list, show, build, take in, give out, choose and delete ladders")
    actions = ("list", "show", "build", "import", "export", "use", "delete")
    ladder.add_argument("action", nargs="?", default="list", choices=actions)
    ladder.add_argument("name", nargs="?", help="the ladder, or the file to import")
    ladder.add_argument("--to", metavar="FILE", help="write the export here")
    export = _add(commands, "export", _export, "the whole journal as JSON Lines, or chosen facts as rows")
    export.add_argument("--what", default="ratings,dates,texts", help="some of ratings, dates and texts (default: all)")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    export.add_argument("--to", metavar="FILE", help="write it here, readable by you alone")
    export.add_argument("--recordings", action="store_true", help="copy the recordings of your voice beside that file")
    _add(commands, "import", _import, "take in a whole export").add_argument("file", metavar="FILE")
    forget = _add(commands, "forget", _forget, "take words out for good, and prove that they are gone")
    forget.add_argument("what", choices=("all", "session", "ladder", "voice", "recordings"))
    forget.add_argument("name", nargs="?", help="which session or ladder")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    _add(commands, "progress", _progress, "how it is going: what was done, expected and learned, in a few sentences")
    remind = _add(commands, "remind", _remind, "writes a reminder as a calendar file, or takes it away")
    when = remind.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", metavar="TIME", help="day and time, as 2026-12-01T18:00")
    when.add_argument("--off", action="store_true", help="take the home's reminder away")
    remind.add_argument("--to", metavar="FILE.ics", help="write it there instead of into the home")
    _add(commands, "check", _check, "check the catalog").add_argument(
        "dir", nargs="?", help="a folder of catalog files"
    )
    _add(commands, "doctor", _doctor, "tell what is there, what is missing, and what to do")
    _add(commands, "fetch-model", _fetch_model, "fetch Vosk's English model from its official address")
    return parser


def _add(commands: argparse._SubParsersAction[_Parser], name: str, run: Command, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=run)
    return parser


def _pick(_: argparse.Namespace, settings: Settings) -> int:
    """What fits this machine; says which and why."""
    if settings.recognizer != "typed" and _has_sound(settings):
        print("There are a microphone and a loudspeaker, so this session is spoken.", file=sys.stderr)
        return _talk(argparse.Namespace(), settings)
    if sys.stdin.isatty() and sys.stdout.isatty():
        print("There is a terminal, so this session is typed.", file=sys.stderr)
        return _type(argparse.Namespace(real_time=False), settings)
    print("There is neither a microphone with a speaker nor a terminal, so this is a rehearsal.", file=sys.stderr)
    return _rehearse(_parser().parse_args(["rehearse"]), settings)


def _has_sound(settings: Settings) -> bool:
    from voice_coach import devices

    try:
        devices.find("microphone", settings.microphone or None)
        devices.find("speaker", settings.speaker or None)
    except Missing:
        return False
    return True


def _talk(_: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.talking import hold_spoken

    terminal = sys.stdin.fileno() if sys.stdin.isatty() else None
    return _ended(hold_spoken(settings, lambda text: print(text, file=sys.stderr), terminal))


def _type(arguments: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.app import hold_typed

    terminal = sys.stdin.isatty()
    if not terminal and not arguments.real_time:
        print("Reading from a pipe: waits are skipped (--real-time keeps them).", file=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)
    outcome = hold_typed(settings, _typing(terminal), sys.stdout, terminal=terminal, real_time=arguments.real_time)
    if outcome.how == "input_ended" and settings.kiosk:
        print("The input ended, and nothing of it is kept.", file=sys.stderr)
        return 1
    return _ended(outcome)


def _typing(terminal: bool) -> BinaryIO:
    # Without a buffer on a terminal: a thread that waits in it breaks the interpreter's own end.
    return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) if terminal else sys.stdin.buffer


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _ended(outcome: Outcome) -> int:
    if outcome.how == "input_ended":
        print("The input ended. What was said is kept; start again to go on.", file=sys.stderr)
    return 0 if outcome.planned else 1


def _understand(arguments: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.app import open_understanding
    from voice_coach.understand.output import to_json

    expects = parse_expects(arguments.expects)
    _, understanding = open_understanding(settings)
    for raw in sys.stdin.buffer:
        text = raw.removesuffix(b"\n").decode("utf-8", errors="replace")
        heard = Heard(text)
        found: dict[str, object] = dict(
            to_json(text, understanding.understand(heard, expects), text_turn=expects.kind == "text")
        )
        if arguments.explain:
            explained = understanding.explain(heard, expects)
            found["candidates"] = [[kind, value, score] for kind, value, score in explained.candidates]
            found["guard"] = explained.guard
        print(json.dumps(found), flush=True)
    return 0


def _hear(arguments: argparse.Namespace, settings: Settings) -> int:
    from contextlib import closing
    from pathlib import Path

    from voice_coach.app import open_understanding
    from voice_coach.learning import with_learned
    from voice_coach.recognizers import pick_recognizer
    from voice_coach.recordings import hear_files

    expects = parse_expects(arguments.expects)
    _, understanding = open_understanding(settings)
    model = Path(arguments.model) if arguments.model else None
    bad = False
    picked = pick_recognizer(settings.recognizer, model, settings.home)
    with closing(with_learned(picked, settings.home, _tell)) as recognizer:
        recognizer.load()
        for found in hear_files(arguments.files, expects, understanding, recognizer, apart=arguments.apart):
            bad = bad or "error" in found
            print(json.dumps(found), flush=True)
    return 1 if bad else 0


def _learn(arguments: argparse.Namespace, settings: Settings) -> int:
    from contextlib import closing
    from pathlib import Path

    from voice_coach.app import make_home, open_understanding
    from voice_coach.learning import grammars, learn, read_list
    from voice_coach.recognizers import pick_recognizer

    rows = read_list(Path(arguments.file))
    grammar_of = grammars(*open_understanding(settings))
    bad = False

    def complain(text: str) -> None:
        nonlocal bad
        bad = True
        _tell(text)

    name = "auto" if settings.recognizer == "typed" else settings.recognizer
    with closing(pick_recognizer(name, None, make_home(settings.home))) as recognizer:
        recognizer.load()
        for tally in learn(rows, settings.home, recognizer, grammar_of, complain):
            print(json.dumps({"word": tally.word, "given": tally.given, "kept": tally.kept}), flush=True)
    return 1 if bad else 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parse_expects(text: str) -> Expects:
    """What `--expects` names. Raises `BadUsage` with the forms it takes."""
    kind, _, labels = text.partition(":")
    if kind not in KINDS or (kind == "choice") != bool(labels):
        raise BadUsage(f"--expects takes rating, yes-no, choice:first|second|third, command or text, not '{text}'.")
    found = tuple(label.strip() for label in labels.split("|")) if labels else ()
    if not all(found):
        raise BadUsage("a choice needs a word between its bars, like choice:first|second|third.")
    return Expects(kind, found)


def _rehearse(arguments: argparse.Namespace, settings: Settings) -> int:
    from pathlib import Path

    from voice_coach.rehearsal.command import Wanted, rehearse

    script, wav = (Path(name) if name else None for name in (arguments.script, arguments.wav))
    signal.signal(signal.SIGTERM, _interrupt)
    return rehearse(settings, Wanted(arguments.seed, script, wav, arguments.days, arguments.spoken), sys.stdout)


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    from pathlib import Path
    from typing import get_args

    from voice_coach.archive import export
    from voice_coach.remember.exporting import What

    what: list[What] = [known for known in get_args(What) if known in arguments.what.split(",")]
    if len(what) != len(arguments.what.split(",")):
        raise BadUsage("--what takes ratings, dates and texts, with commas between them.")
    to = Path(arguments.to) if arguments.to else None
    for line in export(settings, what, arguments.format, to, recordings=arguments.recordings):
        print(line)
    return 0


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    from pathlib import Path

    from voice_coach.archive import take_in

    for line in take_in(settings, Path(arguments.file)):
        print(line)
    return 0


def _forget(arguments: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.archive import Wanted, forget

    kept = False

    def confirm(told: str) -> bool:
        nonlocal kept
        print(told)
        if arguments.yes:
            return True
        print("Type yes to forget it:", flush=True)
        kept = sys.stdin.readline().strip().lower() != "yes"
        return not kept

    for line in forget(settings, Wanted(arguments.what, arguments.name), confirm):
        print(line)
    return 1 if kept else 0


def _ladder(arguments: argparse.Namespace, settings: Settings) -> int:
    from pathlib import Path

    from voice_coach.app import hold_typed
    from voice_coach.ladder_command import run

    if arguments.action == "build":
        terminal = sys.stdin.isatty()
        held = hold_typed(settings, _typing(terminal), sys.stdout, terminal=terminal, real_time=False, building=True)
        return _ended(held)
    for line in run(settings, arguments.action, arguments.name, Path(arguments.to) if arguments.to else None):
        print(line)
    return 0


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from voice_coach import helplines
    from voice_coach.catalog_files import read_texts
    from voice_coach.understand.checking import check
    from voice_coach.understand.safety_checking import check_safety

    folder = Path(arguments.dir) if arguments.dir else settings.home / "intents"
    if arguments.dir and not folder.is_dir():
        raise BadUsage(f"{folder} is not a folder; name one that holds catalog files.")
    texts = read_texts(settings.language, folder)
    faults = [*check(texts), *check_safety(texts)]
    lines = helplines.read_helplines(texts[helplines.FILE], faults)
    for told in [*faults, *helplines.stale(lines, datetime.now(UTC).date())]:
        print(told)
    print(f"{len(faults)} faults." if faults else "The catalog is sound.")
    return 1 if faults else 0


def _progress(_: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.app import tell_progress

    for line in tell_progress(settings):
        print(line)
    return 0


def _remind(parsed: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.reminding import remove_reminder, write_reminder

    if parsed.off:
        print("The reminder is gone." if remove_reminder(settings.home) else "There is no reminder.")
        return 0
    file = write_reminder(settings.home, parsed.at, datetime.now(UTC), parsed.to)
    print(f"Open {file} with your calendar. It names no fear.")
    return 0


def _doctor(_: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.doctor import examine

    fault = False
    for finding in examine(settings):
        fault = fault or (finding.needed and not finding.sound)
        print(f"{finding.what}: {'' if finding.sound else 'missing. '}{finding.says}", flush=True)
    return 1 if fault else 0


def _fetch_model(_: argparse.Namespace, settings: Settings) -> int:
    from voice_coach.app import make_home
    from voice_coach.catalog_files import shipped
    from voice_coach.fetch import fetch_model

    model = fetch_model(make_home(settings.home), shipped("models/manifest.toml"))
    print(f"The model is in {model}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
