"""PocketSphinx for real: any list of phrases, free words, the session's mean, people's recordings if any."""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hearing import ENGLISH, quiet, say

from voice_coach.app import load_catalog
from voice_coach.catalog_files import shipped
from voice_coach.listen import pronunciations
from voice_coach.listen.audio import read_wav
from voice_coach.listen.calibration import Evidence, denied, ends_a_stop, probability, runner_up
from voice_coach.listen.features import BESIDE, CEPSTRA, SessionMean, around_speech, band_powers, cepstra_of
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.pocketsphinx import LONGEST_PHRASE, PocketSphinx
from voice_coach.listen.recognizer import RATE, Decoded
from voice_coach.settings import Settings
from voice_coach.understand.interpret import DENY, Understanding
from voice_coach.words import Expects, Match, Unsure

SPEECH = Path(os.environ.get("VOICE_COACH_SPEECH", Path(__file__).parents[2] / "shared" / "speech"))
people = pytest.mark.skipif(not (SPEECH / "manifest.tsv").exists(), reason="no recordings of people here")
NOISE = np.random.default_rng(1).normal(0, 300, RATE).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def recognizer() -> Iterator[PocketSphinx]:
    recognizer = PocketSphinx(shipped("models"))
    recognizer.load()
    yield recognizer
    recognizer.close()


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding(load_catalog(Settings(Path("/nowhere"))))


@pytest.fixture(autouse=True)
def _new_speaker(recognizer: PocketSphinx) -> None:
    recognizer.forget_session()


def clips(kind: str, words: str, count: int) -> list[tuple[Path, str, str]]:
    """So many recordings of each of these words, spread over the speakers: path, word, speaker; speaker by speaker."""
    found: list[tuple[Path, str, str]] = []
    with (SPEECH / "manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["kind"] == kind]
    for word in words.split() or [""]:
        same = [row for row in rows if row["transcript"] == word or not words]
        same = same[:: max(1, len(same) // count)][:count]
        found += [(SPEECH / row["path"], row["transcript"], row["speaker"]) for row in same]
    return sorted(found, key=lambda clip: clip[2])


def test_the_bundled_model_is_not_left_lying_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    recognizer = PocketSphinx()
    recognizer.load()
    recognizer.load()
    assert list(tmp_path.iterdir()) == []
    recognizer.close()
    recognizer.close()


def test_without_the_shipped_models_it_still_hears(tmp_path: Path) -> None:
    (tmp_path / "leaning.lm.bin").write_bytes(b"no model")
    (tmp_path / "leaning.dict").write_bytes(b"stop S T AA P\n")
    for models in (None, tmp_path):
        recognizer = PocketSphinx(models)
        recognizer.load()
        heard = hear_recording(recognizer, say("seven", ENGLISH) + quiet(1.0), pronunciations.DIGITS, "rating")
        assert (heard.text, heard.leaning) == ("seven", "")
        recognizer.close()


def test_it_knows_which_words_it_can_hear(recognizer: PocketSphinx) -> None:
    assert recognizer.can_hear("anxious")
    assert recognizer.can_hear("aardvarks"), "a grammar may hold what is too rare for free decoding"
    assert not any(recognizer.can_hear(word) for word in ("xylqz", "", " ", "anxious AE1", "stop S"))


@pytest.mark.parametrize(
    "phrases",
    [
        ("stop",),
        ("xylqz",),
        ("xylqz", "the xylqz one", "seven"),
        ("first", "the first one", "second", "one"),
        tuple(f"{first} {second}" for first in pronunciations.DIGITS for second in pronunciations.DIGITS),
    ],
)
def test_any_list_of_phrases_works(recognizer: PocketSphinx, phrases: tuple[str, ...]) -> None:
    recognizer.begin(phrases)
    recognizer.feed(NOISE)
    read = recognizer.closed()
    recognizer.end()
    assert read.text in {*phrases, ""}
    assert "xylqz" not in read.text
    assert 0 <= read.score < 0.6
    assert all(phrase in phrases and 0 <= score <= 1 for phrase, score in read.others)


def test_many_grammars_come_and_go(recognizer: PocketSphinx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_coach.listen.pocketsphinx._KEPT", 12)
    for number in range(15):
        recognizer.begin((pronunciations.DIGITS[number % 11], pronunciations.DIGITS[number // 11], "stop"))
        recognizer.feed(NOISE[: RATE // 2])
        recognizer.closed()
        recognizer.end()
    recognizer.begin(("one", "two", "stop"))
    recognizer.feed(NOISE)
    assert recognizer.closed().text in ("one", "two", "stop", "")
    recognizer.end()
    assert 3 <= sum(map(len, recognizer._grammars)) <= 12


def test_what_is_too_long_for_a_phrase_is_none(recognizer: PocketSphinx) -> None:
    recognizer.begin(("seven", "stop"))
    recognizer.feed(NOISE * (int(LONGEST_PHRASE) + 1))
    assert recognizer.closed() == Decoded("", 0.0)
    recognizer.end()


def test_an_utterance_without_sound_is_nothing(recognizer: PocketSphinx) -> None:
    recognizer.begin(("seven",))
    assert recognizer.closed() == Decoded("", 0.0)
    assert isinstance(recognizer.free(), str)
    recognizer.end()
    recognizer.begin(("seven",))
    recognizer.feed(b"\0\0" * 10)
    assert recognizer.closed().score < 0.6
    recognizer.end()


def test_a_folded_phrase_is_heard_as_people_say_it() -> None:
    dictionary = {"i": "AY", "do": "D UW", "not": "N AA T", "know": "N OW", "know(2)": "N AO"}
    said = pronunciations.phrase_phones("i do not know", dictionary.get)
    assert "AY D OW N T N OW" in said
    assert "AY D UW N AA T N OW" in said
    assert pronunciations.phrase_phones("i do not xylqz", dictionary.get) == []


@pytest.mark.parametrize("kind", ["rating", "yes-no"])
def test_a_turns_plain_answers_outweigh_its_commands(understanding: Understanding, kind: str) -> None:
    phrases = understanding.phrases(Expects("rating" if kind == "rating" else "yes-no"))
    weights = pronunciations.weights(phrases)
    plain = pronunciations.DIGITS if kind == "rating" else ("yes", "no")
    assert set(weights) == set(phrases)
    assert min(weights[word] for word in plain) > 30 * max(
        weight for phrase, weight in weights.items() if phrase not in plain and phrase != pronunciations.SIDE
    )


def test_a_choices_labels_outweigh_its_commands(understanding: Understanding) -> None:
    weights = pronunciations.weights(understanding.phrases(Expects("choice", ("apples", "pears"))))
    assert weights["apples"] == weights["pears"] > 100 * weights["repeat"]


def test_a_rival_means_something_else() -> None:
    phrases = ("yes", "yeah", "no", "nope", "stop", "stop it", "go back", "back", "skip")
    assert pronunciations.rivals("yes", phrases) == ("no", "nope", "stop")
    assert pronunciations.rivals("go back", phrases) == ("yes", "yeah", "no", "nope", "stop")
    assert pronunciations.rivals("stop", phrases) == ("yes", "yeah", "no", "nope")
    assert pronunciations.rivals("go back", ("stop", "go back", "back", "skip")) == ("stop", "skip")


def test_a_correction_is_a_denial_and_a_number() -> None:
    phrases = ("six", "about six", "no", "no six", "no six and a half", "i said six", "no thanks")
    assert pronunciations.corrections(phrases) == ("no six", "no six and a half", "i said six")


def test_beside_a_bare_number_the_likeliest_correction_is_named(
    recognizer: PocketSphinx, understanding: Understanding
) -> None:
    phrases = understanding.phrases(Expects("rating", corrects="rating"))
    for said, denies in (("four", False), ("no, four", True)):
        heard = hear_recording(recognizer, say(said, ENGLISH), phrases, "rating")
        readings = dict(heard.others) | {heard.text: heard.score}
        denial = sum(score for text, score in readings.items() if text in pronunciations.corrections(phrases))
        assert set(readings) & set(pronunciations.corrections(phrases))
        assert (denial >= DENY) is denies


def test_cepstra_do_not_depend_on_loudness_but_in_their_first() -> None:
    sound = np.random.default_rng(2).normal(0, 1000, 8000)
    soft, loud = cepstra_of(band_powers(sound)), cepstra_of(band_powers(2 * sound))
    assert soft.shape == ((8000 - 410) // 160 + 1, CEPSTRA)
    assert np.allclose(soft[:, 1:], loud[:, 1:], atol=1e-6)
    assert np.all(loud[:, 0] > soft[:, 0])


def test_the_sessions_mean_draws_on_what_came_before() -> None:
    rng = np.random.default_rng(3)
    mean, sound = SessionMean(), rng.normal(0, 1000, 4000)
    alone = mean.centred(sound)
    mean.take(np.cumsum(rng.normal(0, 50, 16000)))
    assert not np.allclose(alone[:, 1:], mean.centred(sound)[:, 1:])
    assert np.allclose(alone[:, 0], mean.centred(sound)[:, 0])


def test_a_lone_words_mean_leans_towards_that_of_people() -> None:
    rng = np.random.default_rng(4)
    hiss, rumble = rng.normal(0, 1000, 3200), np.cumsum(rng.normal(0, 50, 3200))
    apart = [cepstra_of(band_powers(sound)).mean(0)[1:] for sound in (hiss, rumble)]
    left = [SessionMean().centred(sound)[20:-20].mean(0)[1:] for sound in (hiss, rumble)]
    # Less its own mean alone nothing would be left of how the two differ, and less a fixed one all of it.
    share = np.linalg.norm(left[0] - left[1]) / np.linalg.norm(apart[0] - apart[1])
    assert 0.2 < share < 0.95


def test_the_silence_around_a_phrase_does_not_change_how_it_is_heard(recognizer: PocketSphinx) -> None:
    said = say("seven", ENGLISH)
    long = quiet(2.0) + said + quiet(2.0)
    short, whole = (
        around_speech(SessionMean().centred(np.frombuffer(sound, "<i2").astype(float))) for sound in (said, long)
    )
    assert len(whole) <= len(short) + 2, "two seconds of silence are left out"
    assert (whole[:5, 0] < whole[:, 0].max() - 25).all(), "a little of it is not"
    assert np.argmax(whole[:, 0]) >= BESIDE
    heard = []
    for sound in (said, long):
        recognizer.forget_session()
        recognizer.begin(("seven", "eleven", "no"))
        recognizer.feed(sound)
        heard.append(recognizer.closed())
        recognizer.end()
    assert [decoded.text for decoded in heard] == ["seven", "seven"]
    assert heard[0].score == pytest.approx(heard[1].score, abs=0.05)


def test_nothing_but_a_not_is_shortened_at_the_end() -> None:
    phones = {"i": "AY", "do": "D UW", "not": "N AA T", "will": "W IH L", "go": "G OW"}
    assert "AY L" not in pronunciations.phrase_phones("i will", phones.get)
    assert "AY L G OW" in pronunciations.phrase_phones("i will go", phones.get)
    assert "AY D OW N T" in pronunciations.phrase_phones("i do not", phones.get)


def test_a_word_that_ends_as_no_does_is_less_of_a_no(recognizer: PocketSphinx, monkeypatch: pytest.MonkeyPatch) -> None:
    said, phrases = say("go", ENGLISH), ("yes", "no", "stop")

    def read() -> Decoded:
        recognizer.forget_session()
        recognizer.begin(phrases)
        recognizer.feed(said)
        decoded = recognizer.closed()
        recognizer.end()
        return decoded

    beside = read()
    monkeypatch.setattr(pronunciations, "LIKE_REFUSAL", ())
    alone = read()
    assert beside.text == alone.text == "no"
    assert beside.score < alone.score - 0.05


def test_more_evidence_is_a_higher_probability() -> None:
    def at(margin: float, fit: float, unread: float = 0.0, likelier: float = 0.0) -> float:
        return probability(Evidence("seven", margin, fit, unread, likelier=likelier))

    assert 0 < at(0, -60) < at(0, -30) < at(500, -30) < at(float("inf"), -10) < 1
    assert at(300, -30, 0.3) < at(300, -30)
    assert at(300, -30, likelier=200) < at(300, -30)
    assert not ends_a_stop(200, 0)
    assert ends_a_stop(200, 10)
    assert 0 < denied(500) < denied(0) < 1
    assert 0 <= runner_up(0.5, 500) < runner_up(0.5, 0) < 0.5


@people
@pytest.mark.parametrize(
    ("kind", "words", "expects", "count", "share"),
    [
        ("digit", "zero one two three four five six seven eight nine", Expects("rating"), 40, 0.7),
        ("command", "yes no", Expects("yes-no"), 24, 0.8),
        ("command", "stop", Expects("yes-no"), 16, 0.5),
    ],
)
def test_people_are_understood_or_asked(
    recognizer: PocketSphinx,
    understanding: Understanding,
    kind: str,
    words: str,
    expects: Expects,
    count: int,
    share: float,
) -> None:
    phrases, values = understanding.phrases(expects), {"yes": True, "no": False, "stop": "stop"}
    values |= {word: number for number, word in enumerate(pronunciations.DIGITS)}
    right = wrong = 0
    sample = clips(kind, words, count // len(words.split()))
    last = ""
    for path, word, speaker in sample:
        if speaker != last:
            recognizer.forget_session()
        last = speaker
        heard = hear_recording(recognizer, read_wav(path), phrases, expects.kind)
        match understanding.understand(heard, expects).answer:
            case Match(value=value):
                right, wrong = right + (value == values[word]), wrong + (value != values[word])
            case Unsure(candidates=candidates):
                right += values[word] in candidates[:2]
    assert len(sample) == count
    assert right >= share * len(sample)
    assert wrong <= 0.1 * len(sample)


@people
def test_the_next_best_number_is_not_lost(recognizer: PocketSphinx, understanding: Understanding) -> None:
    phrases = understanding.phrases(Expects("rating"))
    for path, *_ in clips("digit", " ".join(pronunciations.DIGITS[:10]), 2):
        recognizer.forget_session()
        assert hear_recording(recognizer, read_wav(path), phrases, "rating").others


@people
@pytest.mark.parametrize(("kind", "share"), [("oov", 0.6), ("silence", 0.1)])
@pytest.mark.parametrize("expects", [Expects("rating"), Expects("yes-no")], ids=["rating", "yes-no"])
def test_other_sounds_are_seldom_taken_for_an_answer(
    recognizer: PocketSphinx, understanding: Understanding, kind: str, share: float, expects: Expects
) -> None:
    taken: Counter[bool] = Counter()
    for path, *_ in clips(kind, "", 12):
        recognizer.forget_session()
        heard = hear_recording(recognizer, read_wav(path), understanding.phrases(expects), expects.kind)
        taken[isinstance(understanding.understand(heard, expects).answer, Match)] += 1
    assert taken.total() == 12
    assert taken[True] <= share * taken.total()


@people
def test_what_was_heard_before_is_forgotten_with_the_session(recognizer: PocketSphinx) -> None:
    (path, _, _), (other, _, _) = clips("digit", "seven", 2)
    said = [read_wav(SPEECH / "read" / "goforward.wav"), read_wav(path), read_wav(other)]
    alone = [hear_recording(recognizer, sound, pronunciations.DIGITS, "rating") for sound in said[:1]]
    for sound in (*said, said[0]):
        recognizer.forget_session()
        last = hear_recording(recognizer, sound, pronunciations.DIGITS, "rating")
    assert [last] == alone


@people
def test_free_words_of_a_read_sentence(recognizer: PocketSphinx) -> None:
    heard = hear_recording(recognizer, read_wav(SPEECH / "read" / "goforward.wav"), (), "text")
    assert "go forward" in heard.text
    assert (heard.text, heard.manner) == (heard.free, "rough")
