"""PocketSphinx with the English model inside its own wheel: works straight after installing, no download."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_coach.errors import Missing
from voice_coach.listen import pronunciations
from voice_coach.listen.calibration import Evidence, denied, ends_a_stop, probability, runner_up
from voice_coach.listen.dictionary import Dictionary
from voice_coach.listen.features import FRAME, QUIETER, SessionMean, around_speech
from voice_coach.listen.recognizer import RATE, Decoded
from voice_coach.words import Manner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.listen.features import Floats

LONGEST_PHRASE = 6.0
"""Seconds beyond which an utterance is none of a grammar's phrases, and is not compared with them."""

LEANING = (1.2, 15.0)
"""Seconds of sound from which on an utterance is read a second time, and the most that is: its last ones.
Below, it is one of a turn's short answers, which must be decided at once."""

_SILENCE = bytes(2 * RATE // 5)  # 0.2 s around an utterance
_KEPT = 1500
"""Phrases of the grammars kept at a time, some 8 KB each; a number has 60 rivals."""
_LOOKED_UP = 4000
"""Words whose phones are kept: the same few hundred, in their further pronunciations too, make most phrases."""
_WORDS, _FIRST = "words.dict", "stop"
"""The closed decoder's dictionary, and the word that it begins with: an empty one is none."""
_LOG_BASE = 1.0001
_UNITS = 1 / math.log(_LOG_BASE) / 1024
"""What a weight's natural logarithm adds to a path's score."""
# The free words are a second reading beside every answer, on small computers too: fewer hypotheses at a time.
_ONE_PASS = {"fwdflat": False, "bestpath": False, "pl_window": 5}
_FREE = {**_ONE_PASS, "maxhmmpf": 4000, "maxwpf": 10}
_LEANING = {**_ONE_PASS, "maxhmmpf": 1500, "maxwpf": 5}
# compallsen: scores are only comparable between searches when every senone was computed. With the usual beams one
# runner-up in seven is lost, and a narrow lead looks like a sure one.
_CLOSED = {"bestpath": False, "compallsen": True, "beam": 1e-60, "pbeam": 1e-60, "wbeam": 1e-48}


class _Path(NamedTuple):
    phrase: str
    score: float
    """Of the whole utterance, the phrase's weight included."""
    frames: int
    """Frames of the phrase itself, silence around it left out."""
    acoustic: float
    """Score of those frames, without the phrase's weight."""
    first: int
    """The first of those frames."""


class PocketSphinx:
    """Closed grammars over own cepstra with a session's mean, and free words by the bundled language model."""

    name = "pocketsphinx"
    manner: Manner = "rough"

    def __init__(self, models: Path | None = None) -> None:
        """`models`: a folder with what is shipped for it. Each is optional, and without it this hears a little less:

        `common.dict`, the words of free decoding; `leaning.lm.bin` and `leaning.dict`, a language model that leans
        towards words of danger, for a second reading of long utterances.
        """
        self._models = models
        self._leaner: Any = None
        self._phones: Callable[[str], str] | None = None
        """The phones of a word of the dictionary; None before that is loaded."""
        self._closed: Any = None
        self._free: Any = None
        self._known: dict[str, bool] = {}
        self._grammars: dict[tuple[tuple[str, float], ...], str] = {}
        self._count = 0
        self._phrases: tuple[str, ...] = ()
        self._weights: dict[str, float] = {}
        self._sound = bytearray()
        self._open = False
        self._mean = SessionMean()
        self._level = ""
        """The free decoder's mean before it heard anybody."""

    def load(self) -> None:
        if self._closed is not None:
            return
        try:
            from pocketsphinx import Decoder, get_model_path
        except ImportError:
            raise Missing(
                "PocketSphinx is not installed for this Python. Use Python 3.11 or 3.13, or fetch a model for Vosk "
                "with 'voice-coach fetch-model'."
            ) from None
        folder = Path(get_model_path("en-us"))
        self._phones = lru_cache(_LOOKED_UP)(Dictionary(folder / "cmudict-en-us.dict").phones)
        common = self._shipped("common.dict") or folder / "cmudict-en-us.dict"
        self._free = Decoder(
            hmm=str(folder / "en-us"), dict=str(common), lm=str(folder / "en-us.lm.bin"), loglevel="FATAL", **_FREE
        )
        self._level = self._free.get_cmn(False)
        self._free.set_cmn(self._level)
        self._leaner = self._leaning_decoder(str(folder / "en-us"))
        with _own_features(folder / "en-us") as model:
            # The words of its grammars are added as they come: the whole dictionary a second time is 24 MB.
            (model / _WORDS).write_text(f"{_FIRST} {self._phones(_FIRST)}\n", encoding="ascii")
            words = str(model / _WORDS)
            self._closed = Decoder(hmm=str(model), dict=words, lm=None, loglevel="FATAL", **_CLOSED)

    def can_hear(self, word: str) -> bool:
        """Whether the dictionary has this word; a phrase with a word that it lacks is never heard."""
        self.load()
        return self._phones is not None and bool(self._phones(word))

    def begin(self, phrases: tuple[str, ...]) -> None:
        if self._open:
            self.end()
        self._phrases, self._weights = phrases, pronunciations.weights(phrases)
        self._sound.clear()
        self._free.start_utt()
        self._free.process_raw(_SILENCE, False, False)
        self._open = True

    def feed(self, block: bytes) -> None:
        self._sound += block
        self._free.process_raw(bytes(block), False, False)

    def closed(self) -> Decoded:
        if not self._phrases or not self._sound or len(self._sound) > LONGEST_PHRASE * RATE * 2:
            return Decoded("", 0.0)
        cepstra = around_speech(self._mean.centred(self._samples()))
        best = self._decode(cepstra, self._phrases)
        if best is None:
            return Decoded("", 0.0)
        second = self._decode(cepstra, pronunciations.rivals(best.phrase, self._phrases))
        margin = (best.score - second.score) if second else math.inf
        if second and second.phrase == pronunciations.SIDE and best.phrase in pronunciations.NO:
            more = _unread(cepstra, best) - _unread(cepstra, second)
            if ends_a_stop(margin, more):
                best, second, margin = second, best, abs(margin)
        evidence = Evidence(
            best.phrase,
            margin,
            best.acoustic / best.frames,
            _unread(cepstra, best) * FRAME / RATE,
            pronunciations.is_aside(best.phrase, self._phrases),
            self._likelier(cepstra, best),
        )
        score = probability(evidence)
        others = [(second.phrase, runner_up(score, margin))] if second else []
        # Missed, "no, six" would leave two wrong numbers: it is named even where other numbers are likelier.
        corrections = pronunciations.corrections(self._phrases)
        if corrections and pronunciations.number_in(best.phrase):
            found = self._decode(cepstra, corrections)
            if found:
                others = [other for other in others if other[0] not in corrections]
                others.append((found.phrase, denied(best.score - found.score)))
        return Decoded(best.phrase, score, tuple(others))

    def free(self) -> str:
        self._free.process_raw(_SILENCE, False, False)
        self._free.end_utt()
        self._open = False
        found = self._free.hyp()
        return str(found.hypstr) if found else ""

    def leaning(self) -> str:
        shortest, longest = LEANING
        if self._leaner is None or len(self._sound) < shortest * RATE * 2:
            return ""
        self._leaner.start_utt()
        self._leaner.process_raw(_SILENCE + bytes(self._sound[-round(longest * RATE) * 2 :]) + _SILENCE, False, True)
        self._leaner.end_utt()
        found = self._leaner.hyp()
        return str(found.hypstr) if found else ""

    def end(self) -> None:
        if self._open:
            self._free.end_utt()
            self._open = False
        if self._sound:
            self._mean.take(self._samples())
        self._sound.clear()

    def forget_session(self) -> None:
        self._mean = SessionMean()
        if self._free is not None:
            self._free.set_cmn(self._level)  # the free decoder keeps a mean of its own
        if self._leaner is not None:
            self._leaner.set_cmn(self._level)

    def close(self) -> None:
        self._closed = self._free = self._leaner = self._phones = None
        self._grammars.clear()
        self._known.clear()

    def _shipped(self, name: str) -> Path | None:
        """A shipped file; None where it is not there."""
        file = self._models and self._models / name
        return file if file and file.is_file() else None

    def _leaning_decoder(self, model: str) -> Any:
        """A decoder of its own, or it would leave its mark on the free words; None for a missing or broken model."""
        from pocketsphinx import Decoder

        language, words = self._shipped("leaning.lm.bin"), self._shipped("leaning.dict")
        if language is None or words is None:
            return None
        try:
            return Decoder(hmm=model, dict=str(words), lm=str(language), loglevel="FATAL", **_LEANING)
        except (RuntimeError, ValueError):
            return None

    def _samples(self) -> Floats:
        import numpy as np

        return np.frombuffer(self._sound, "<i2").astype(np.float64)

    def _decode(self, cepstra: Floats, phrases: Sequence[str]) -> _Path | None:
        """The likeliest of the phrases with its score, or None where nothing fits at all."""
        name = self._grammar(phrases)
        if not name:
            return None
        decoder = self._closed
        decoder.activate_search(name)
        decoder.start_utt()
        decoder.process_cep(cepstra.astype("<f4").tobytes(), False, True)
        decoder.end_utt()
        found = decoder.hyp()
        if found is None or not found.hypstr:
            return None
        spoken = [part for part in decoder.seg() if not part.word.startswith("<") and part.word != "(NULL)"]
        first, last = spoken[0].start_frame, spoken[-1].end_frame
        acoustic = sum(_units(part.ascore) for part in spoken)
        phrase = pronunciations.phrase_of(found.hypstr)
        whole = sum(_units(part.ascore) for part in decoder.seg())
        # Not the decoder's own total: it holds weights that add up to one in each grammar apart.
        score = whole + _UNITS * math.log(self._weights[phrase])
        return _Path(phrase, score, last - first + 1, acoustic, first)

    def _likelier(self, cepstra: Floats, best: _Path) -> float:
        """How much likelier than a refusal a word is that is no answer and sounds like it; 0 for none."""
        if best.phrase != pronunciations.REFUSAL:
            return 0.0
        alike = [word for word in pronunciations.LIKE_REFUSAL if word not in self._phrases]
        self._weights.update(dict.fromkeys(alike, self._weights[best.phrase]))
        other = self._decode(cepstra, alike)
        return max(0.0, other.score - best.score) if other else 0.0

    def _grammar(self, phrases: Sequence[str]) -> str:
        """The name of the search for these phrases, made when new; "" when none of them can be heard."""
        self._pronounce(phrases)
        heard = {phrase: self._weights[phrase] for phrase in phrases if self._known[phrase]}
        if not heard:
            return ""
        key = tuple(heard.items())
        name = self._grammars.pop(key, "")
        if not name:
            self._make_room(len(key))
            self._count += 1
            name = f"grammar{self._count}"
            self._closed.add_jsgf_string(name, _jsgf(name, heard))
        self._grammars[key] = name  # the last used is the last to go
        return name

    def _make_room(self, phrases: int) -> None:
        """Let go of what was not used for longest: an open turn's every answer has rivals of its own, hundreds each."""
        kept = sum(map(len, self._grammars))
        while self._grammars and kept + phrases > _KEPT:
            oldest = next(iter(self._grammars))
            self._closed.remove_search(self._grammars.pop(oldest))
            kept -= len(oldest)

    def _pronounce(self, phrases: Sequence[str]) -> None:
        assert self._phones is not None, "loaded"
        for phrase in phrases:
            if phrase in self._known:
                continue
            ways = pronunciations.phrase_phones(phrase, self._phones)
            self._known[phrase] = bool(ways)
            for number, phones in enumerate(ways, 1):
                word = pronunciations.entry(phrase) + (f"({number})" if number > 1 else "")
                if word != _FIRST:
                    self._closed.add_word(word, phones, False)


def _jsgf(name: str, weights: Mapping[str, float]) -> str:
    """The grammar in the decoder's language: weights without exponents, and none where there is no choice."""
    ways = " | ".join(f"/{weight:.15f}/ {pronunciations.entry(phrase)}" for phrase, weight in weights.items())
    if len(weights) == 1:
        ways = pronunciations.entry(next(iter(weights)))
    return f"#JSGF V1.0;\ngrammar {name};\npublic <said> = {ways};\n"


def _unread(cepstra: Floats, best: _Path) -> int:
    """Frames of speech, more or less, that the phrase leaves to the silence around it."""
    loud = cepstra[:, 0] > cepstra[:, 0].max() - QUIETER
    return int(loud[: best.first].sum() + loud[best.first + best.frames :].sum())


def _units(likelihood: float) -> float:
    """PocketSphinx's own integer scores, which it hands out as powers of its base."""
    return math.log(max(likelihood, 1e-300)) / math.log(_LOG_BASE)


@contextmanager
def _own_features(model: Path) -> Iterator[Path]:
    """The model's directory with feature settings of our own: those in the model override any argument."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voice-coach-")))
        for file in model.iterdir():
            if file.name == "feat.params":
                continue
            try:
                (folder / file.name).symlink_to(file)
            except OSError:  # a system without links
                shutil.copy(file, folder / file.name)
        lines = [line.split() for line in (model / "feat.params").read_text(encoding="ascii").splitlines()]
        given = {line[0]: line[1] for line in lines if len(line) == 2} | {"-cmn": "none", "-remove_noise": "no"}
        (folder / "feat.params").write_text("".join(f"{key} {value}\n" for key, value in given.items()))
        yield folder
