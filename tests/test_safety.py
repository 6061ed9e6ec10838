"""The safety screen: every pattern by its own sentences, and how words are meant where they stand."""

from __future__ import annotations

import csv
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach import catalog_files
from voice_coach.understand.loading import load
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects, Flag, Heard

ROOT = Path(__file__).resolve().parents[1]
ROWS = ROOT.parent / "shared" / "utterances" / "safety_dev.tsv"
TEXT = Expects("text")
PREDICTION = Expects("text", checks="prediction")


ANXIOUS = (
    "I almost did it yesterday but I got scared and went home", "I want to be ready to do it tonight",
    "my heart was pounding and I thought everyone was staring at me", "I can't face the meeting tomorrow",
    "I hate being in crowded places", "I don't want to go back there again", "I always need to sit near the exit",
    "I felt stuck in the lift with no way out", "I was standing on the bridge and my legs went weak",
    "I keep imagining that I will fall off the balcony", "I imagine my mother dying and I can't sleep",
    "I worry that my kids will get hurt", "I'm scared I might hurt someone by accident",
    "nobody talks to me at parties", "I feel like everyone is judging me", "I wish I was more confident",
    "I wish I could just be normal", "I don't want to be a burden on my team at work",
    "I'm tired of being afraid all the time", "I'm sick of this anxiety running my life", "I want my old life back",
    "I want the worry to stop", "I want to stop avoiding everything", "I feel hopeless at making friends",
    "I gave up on learning to drive", "there's no point in me talking because I freeze",
    "what's the use of practising if I always fail", "I couldn't go through with the presentation",
    "I ran away from the shop and never went back", "I'm afraid I'll embarrass myself in front of everyone",
    "I'd rather stay home than talk to strangers", "my hands shake when I pick up a knife in front of people",
    "I get nervous cutting vegetables when someone watches", "needles make me feel faint and I hate blood",
    "I'm scared of jumping into the pool", "I can't stand the thought of flying", "I feel sick before every exam",
    "I'm going to die of embarrassment", "I would die if they laughed at me",
    "I thought I was having a heart attack but it was nothing", "I keep checking the door before I leave",
    "my family would be disappointed in me", "I'm such an idiot when I speak", "I hate how I sound",
    "I didn't sleep last night because of the interview", "I need to get my things in order before the trip",
    "I want to leave the house without checking ten times", "I won't be able to come next week",
    "I'll be away from tomorrow", "I took my tablets this morning", "my doctor gave me pills for the anxiety",
    "I put my head in my hands", "I hit my head on the cupboard", "my dog died last year and I still miss him",
    "my grandmother passed away and the funeral is on friday", "I have to give a eulogy and I'm terrified",
    "I lost my job and I feel lost", "I think people would be happier if I stayed quiet",
    "they would have more fun without me at dinner", "I'm worried what they might do to me",
    "I can't trust myself to say the right thing", "my thoughts are racing and I can't switch off",
    "scary thoughts keep coming back about the plane", "I have a plan for the phone call",
    "everything is ready for tomorrow", "I just want to say thank you and goodbye",
    "I was so ashamed I wanted to disappear", "I don't see how I can ever speak in front of them",
    "nothing ever changes no matter how hard I try", "I'm done with hiding", "I'm ready to stop fighting my fear",
    "I want to be free of this fear", "it feels like my life is on hold", "my life has been harder since I moved",
    "I avoid trains because I feel trapped", "I stare at my phone for an hour before I call",
    "I bite my nails when I'm nervous", "I scratch my arm when I'm nervous", "I picked at my food all evening",
    "I pulled out of the race", "I crashed my bike last year and now I'm scared of cycling",
    "I nearly crashed the car on the motorway", "I drive into a car park and can't get out of the car",
    "I get dizzy on the roof terrace", "I can't look over the edge of the balcony",
    "the thought of spiders makes me want to scream", "I need someone to help me now",
    "nobody can help me with this presentation", "it's too late for me to change the date",
    "I should have never said that", "I burned my hand on the stove and now I'm scared of cooking",
    "the last time I flew I cried", "this is the last chance I have", "I lost my faith in doctors",
    "who would notice if my voice shakes", "I hope nobody notices when I blush", "my brother has panic attacks too",
    "my mum is scared of dogs as well", "my friend told me to try this", "she said I would be fine",
)  # fmt: skip
"""What people tell a coach about fear: close in its words to danger, and none."""


@cache
def screen() -> Screen:
    return screen_of(catalog_files.read_texts())


def flags(text: str, expects: Expects = TEXT) -> dict[str, str]:
    """Kind to tier."""
    return {flag.kind: flag.tier for flag in screen().flags(text, expects)}


def interrupts(text: str, expects: Expects = TEXT) -> bool:
    return any(flag.category == "crisis" for flag in screen().flags(text, expects))


@pytest.mark.parametrize("text", [
    "I want to die", "i wanna die right now", "I want to kill my self", "I am going to commit sue aside",
    "want to dye I just want to dye",
    "I am suicidal", "I'm going to end my life tonight", "I don't want to live another year", "I want to end it all",
    "I can't stop thinking I want to kill myself", "I don't know why but I want to die", "I am not ok I want to die",
    "there is no reason why I should not kill myself I want to die", "my brother makes me want to die",
    "my husband does not know I am suicidal", "I don't want to wake up tomorrow",
])  # fmt: skip
def test_a_plain_wish_is_certain(text: str) -> None:
    assert flags(text)["suicide"] == "certain"


@pytest.mark.parametrize("text", [
    "everyone would be relieved if I was out of the picture", "I don't think I'll make it to christmas",
    "my dog is the only thing keeping me alive", "the thought of not existing sounds peaceful",
    "I have run out of reasons to keep doing this", "I don't plan on being here next month",
    "every night I pray I don't make it to the morning", "all I do is take up space",
    "nobody would even come to my funeral",
    "death sounds like a relief", "I'm not scared of dying I'm scared of living",
    "they won't have to put up with me much longer",
    "this is the last time you will hear from me", "I wish I was never a thing", "I just want everything to go dark",
    "I am such a burden to my family", "what is the point of going on", "I am giving away my things",
    "I have no place in this world", "I can't go on like this",
])  # fmt: skip
def test_what_is_not_named_is_asked_about(text: str) -> None:
    assert "suicide" in flags(text)


@pytest.mark.parametrize("text", [
    "I want to hurt myself", "the urge to cut is so strong tonight", "I cut myself last week",
    "I relapsed with self harm",
    "my arms are full of cuts", "I burn myself with cigarettes", "there is this voice telling me to cut",
    "I scratch until it bleeds", "I used to cell farm", "I've been clean for three months",
])  # fmt: skip
def test_self_harm(text: str) -> None:
    assert "self_harm" in flags(text)


@pytest.mark.parametrize("text", [
    "I don't want to die", "I'm not suicidal", "I would never kill myself", "I have no intention of ending my life",
    "I no longer want to die", "I've never thought of killing myself", "I haven't self harmed",
    "I have no plans to hurt myself",
    "it's not like I want to die", "I am not a burden to my family", "I'm not tired of life",
    "I have so much to live for",
    "I'm not saying I want to kill myself", "I don't ever want to cut myself", "I want to live",
    "I won't end it all tonight",
    "I can't imagine killing myself", "I do not wish I was dead",
])  # fmt: skip
def test_a_denial_is_no_danger(text: str) -> None:
    assert not interrupts(text)


@pytest.mark.parametrize("text", [
    "this traffic is killing me", "I'd die for a coffee", "I nearly died of embarrassment",
    "I'm dying to see the new film",
    "I'd kill for a good night's sleep", "my phone is about to die", "it would be career suicide",
    "I cut myself shaving",
    "I cut myself a slice of cake", "I want to dye my hair", "I'm beating myself up over it", "I'm dead tired",
    "I'm going to hang out with friends", "I want to die of shame", "I'd rather die than sing", "wake me up at six",
    "I don't want to wake up early", "end this call", "goodbye", "okay goodbye then",
    "I'll take my life in my hands on that road",
])  # fmt: skip
def test_a_manner_of_speaking_is_no_danger(text: str) -> None:
    assert not interrupts(text)


@pytest.mark.parametrize("text", [
    "my heart pounds every time the phone rings", "I can't breathe when I walk into a crowded room",
    "I'm afraid I'll faint on the bus", "I wanted to disappear when she called my name",
    "I can't do this I'm too scared", "I can't do this anymore", "I can't go on",
    "I don't want to go to work tomorrow", "I'm terrified of death", "I'm scared of dying in a plane crash",
    "I thought I was going to die on that lift", "I'm sick of living in fear", "I'm afraid of driving over bridges",
    "nobody would notice if I said nothing", "I would be better off staying at home", "I can't go on the train alone",
    "I want to end this fear", "my chest gets tight before every call", "I get chest pain when I am nervous",
    "there was no way out of the crowd", "I'm afraid I'll lose control and hurt someone",
    "I just want this feeling to stop",
])  # fmt: skip
def test_ordinary_anxious_talk_is_not_interrupted(text: str) -> None:
    assert not interrupts(text)


def test_talk_of_fear_is_not_taken_for_danger() -> None:
    assert len(ANXIOUS) > 90
    assert [text for text in ANXIOUS if interrupts(text)] == []


@pytest.mark.parametrize("text", [
    "I have been putting my papers in order so nobody has to", "there is nobody left who needs me alive",
    "by the time you read this I won't be around", "I hope I just slip away one night",
    "I'm waiting to die to be honest",
    "they'd cope fine after my death", "I keep collecting pills in a box", "honestly I'm so done with it all",
    "I don't have the strength to keep living", "what sense is there in staying alive",
    "I can't keep myself safe this evening", "my days are numbered and I'm glad", "my life has been a waste",
    "would be simpler for all of them once I am dead", "I really don't deserve to breathe",
    "I can't picture growing old", "nothing worth waking up for", "please look after my cat if I die",
    "I've been having these dark thoughts", "I won't last another year like this",
])  # fmt: skip
def test_a_danger_in_other_words_is_asked_about(text: str) -> None:
    assert flags(text).get("suicide") == "possible"


@pytest.mark.parametrize("text", [
    "I claw at myself when I'm alone", "I keep drawing blood with a needle", "I hide my cuts from everyone",
    "there are fresh burns all over my legs", "sixty days clean until last night",
    "I wear long sleeves so the cuts stay hidden",
    "I smash my fist against the wall until it bleeds", "went back to cutting in the spring",
    "it's a craving to hurt and then punish my body", "physical pain helps me more than talking",
])  # fmt: skip
def test_hurting_oneself_in_other_words(text: str) -> None:
    assert "self_harm" in flags(text)


@pytest.mark.parametrize("text", [
    "my brother wants to die", "my girlfriend says she doesn't want to live anymore",
    "my friend keeps cutting herself",
    "my son told me he wants to kill himself", "my best friend is suicidal",
    "someone I love is thinking about suicide",
    "everyone would be better off without him he says", "my uncle shot himself", "my daughter self harms",
])  # fmt: skip
def test_somebody_else_in_danger(text: str) -> None:
    found = screen().flags(text)
    assert found[0].kind == "other_person"


@pytest.mark.parametrize("text", ["I'll faint and die on stage", "I will have a heart attack",
                                  "I might have a panic attack",
                                  "I'm going to pass out", "everyone would laugh and I would die"])  # fmt: skip
def test_a_feared_outcome_is_no_flag(text: str) -> None:
    assert screen().flags(text, PREDICTION) == ()


@pytest.mark.parametrize(("text", "kind"), [
    ("I want to die", "suicide"), ("I will kill myself", "suicide"), ("I have chest pain", "medical"),
    ("I can't breathe", "medical"), ("I'd like to hurt myself", "self_harm"),
])  # fmt: skip
def test_a_wish_an_intent_or_a_symptom_counts_in_a_prediction_too(text: str, kind: str) -> None:
    assert kind in flags(text, PREDICTION)


@pytest.mark.parametrize(("text", "kind"), [
    ("I had a panic attack last week", "panic"), ("I felt like I was dying", "panic"), ("another panic a tack",
    "panic"),
    ("nothing feels real lately", "dissociation"), ("I keep dissociating", "dissociation"),
    ("I feel detached from my body", "dissociation"), ("I have pee tsd", "trauma"), ("I get flashbacks", "trauma"),
    ("what he did to me", "trauma"), ("I was abused as a child", "trauma"),
])  # fmt: skip
def test_what_is_only_mentioned_raises_its_question(text: str, kind: str) -> None:
    found = screen().flags(text)
    assert kind in {flag.kind for flag in found}
    assert {flag.category for flag in found} == {"contraindication"}


@pytest.mark.parametrize(("text", "kind"), [
    ("I am having a panic attack right now", "panic_now"), ("help I'm panicking", "panic_now"),
    ("nothing feels real right now", "dissociation_now"), ("I'm dissociating", "dissociation_now"),
    ("he hits me", "harm"), ("I am not safe at home", "harm"), ("my uncle touches me", "harm"),
    ("I think I overdosed", "substance"), ("I have chest pain", "medical"), ("my throat is closing", "medical"),
])  # fmt: skip
def test_what_happens_now_interrupts(text: str, kind: str) -> None:
    found = screen().flags(text)
    assert found[0].category == "crisis"
    assert kind in {flag.kind for flag in found}


@pytest.mark.parametrize("text", ["I tried to kill myself years ago", "I used to cut myself", "lol I want to die",
                                  "I'm scared I will kill myself",
                                  "if I hear that song again I'll kill myself"])  # fmt: skip
def test_the_past_a_fear_and_a_joke_are_asked_about(text: str) -> None:
    assert set(flags(text).values()) == {"possible"}


def test_nothing_that_the_coach_understands_is_danger() -> None:
    catalog = load(catalog_files.read_texts())
    intents = [*catalog.intents.values(), *catalog.choices.values()]
    said = [text for intent in intents for text in (*intent.exact, *intent.phrases, *intent.tests, *intent.excludes)]
    assert len(said) > 500
    assert {flag.kind for text in said for flag in screen().flags(text) if flag.category == "crisis"} <= {"medical"}


def test_free_words_of_a_closed_turn_are_possible_at_most() -> None:
    rating, danger = Expects("rating"), "i want to die"
    grammar_fits = screen().hear(Heard("nine", free=danger, score=0.9), rating)
    assert grammar_fits == (Flag("crisis", "suicide", "possible", "wish_to_die.0"),)
    assert screen().hear(Heard("nine", free=danger, score=0.3), rating)[0].tier == "certain"
    assert screen().hear(Heard("", free=danger), rating)[0].tier == "certain"
    assert screen().hear(Heard("", free="im suicidal"), rating)[0].tier == "certain"
    assert screen().hear(Heard("", free="sue aside"), rating)[0].tier == "possible"
    assert screen().hear(Heard(danger, free=danger), TEXT)[0].tier == "certain"


def test_words_leaned_towards_are_possible_at_most() -> None:
    for expects in (TEXT, Expects("rating")):
        leaned = screen().hear(Heard("", free="i won to dye", leaning="i want to die"), expects)
        assert [(flag.kind, flag.tier) for flag in leaned] == [("suicide", "possible")]
        assert screen().hear(Heard("", free="kill my elf", leaning="kill myself"), expects) == ()
        assert screen().hear(Heard("", free="i won to dye", leaning="i want to die", overlap=True), expects) == ()


def test_words_leaned_towards_are_nothing_where_the_grammar_explains_the_sound() -> None:
    leaned = Heard("about two and a half", free="i want to a half", leaning="i want to die", score=0.9)
    assert screen().hear(leaned, Expects("rating")) == ()
    assert screen().hear(replace(leaned, score=0.3), Expects("rating")) != ()


def test_words_leaned_towards_need_free_decoding_to_have_heard_some_of_it() -> None:
    assert screen().hear(Heard("", free="where the wonder thy", leaning="i want to die"), TEXT) == ()
    leaning = "my parents always told me i should want to die"
    assert screen().hear(Heard("", free="fight apparent all wait holds", leaning=leaning), TEXT) == ()
    assert screen().hear(Heard("", free="fight my parent all wait holds", leaning=leaning), TEXT) != ()
    assert screen().hear(Heard("", leaning="i want to die"), TEXT) == ()


def test_words_in_which_a_reading_that_leans_to_danger_hears_none_are_asked_about() -> None:
    words = "i do not want to live"
    for leaning, tier in (("i do not want to leave", "possible"), (words, "certain"), ("", "certain")):
        (flag,) = screen().hear(Heard(words, free=words, score=0.5, manner="rough", leaning=leaning), TEXT)
        assert (flag.category, flag.kind, flag.tier) == ("crisis", "suicide", tier)


def test_single_words_of_free_noise_are_nothing() -> None:
    for word in ("death", "the death", "damn", "die", "kill", "dead", "hurt", "cut"):
        assert screen().hear(Heard("eight", free=word, score=0.9), Expects("rating")) == (), word


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert all(flag.phrase for flag in screen().flags(text))


def test_a_long_text_is_read_and_danger_at_its_start_is_found() -> None:
    assert "suicide" in flags("I want to die " + "and the weather was fine " * 400)


@pytest.mark.skipif(not ROWS.is_file(), reason="the labelled texts are not here")
def test_the_labelled_texts_are_judged_within_the_targets() -> None:
    found: Counter[tuple[str, str]] = Counter()
    with ROWS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            raised = screen().flags(row["text"], TEXT)
            crises = [flag for flag in raised if flag.category == "crisis"]
            found.update({
                (row["label"], "n"): 1, (row["label"], "flagged"): bool(raised),
                (row["label"], "interrupted"): bool(crises),
                (row["label"], "certain"): any(flag.tier == "certain" for flag in crises),
            })  # fmt: skip
    share = {(label, what): count / found[label, "n"] for (label, what), count in found.items()}
    for label, least in {"si": 0.98, "si_implicit": 0.8, "self_harm": 0.95}.items():
        assert share[label, "interrupted"] >= least
    for label in ("trauma_ptsd", "panic", "dissociation"):
        assert share[label, "flagged"] >= 0.95
    assert share["neg_everyday", "flagged"] <= 0.01
    assert share["neg_anxious", "interrupted"] <= 0.02
    assert share["negated_si", "interrupted"] <= 0.1
    assert share["neg_idiom", "flagged"] <= 0.1
    assert [share[label, "certain"] for label in ("neg_anxious", "negated_si", "neg_idiom")] == [0, 0, 0]


@pytest.mark.skipif(not ROWS.is_file(), reason="the labelled texts are not here")
def test_no_labelled_text_stands_in_the_project() -> None:
    with ROWS.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    private = {
        row["text"].lower()
        for row in rows
        if not row["label"].startswith("neg_everyday") and len(row["text"].split()) > 4
    }
    tracked = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    for name in tracked:
        path = ROOT / name
        if path.is_file() and path.suffix in (".py", ".yaml", ".md", ".toml", ""):
            content = path.read_text(encoding="utf-8", errors="replace").lower()
            assert not [text for text in private if text in content], name
