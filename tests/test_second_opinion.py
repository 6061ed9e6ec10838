"""How near an utterance must lie to a person's examples before its word is made likelier."""

from __future__ import annotations

import pytest
from hearing import ENGLISH, say

from voice_coach.listen.examples import Example, spreads
from voice_coach.listen.recognizer import Decoded
from voice_coach.listen.second_opinion import weighed
from voice_coach.listen.warping import Shapes, shape


def example(word: str, said: str, words_per_minute: int) -> Example:
    found = shape(say(said, ENGLISH, words_per_minute))
    assert found is not None
    return Example(word, found)


def test_a_word_like_a_no_is_made_likelier_only_as_near_as_the_persons_own_lie() -> None:
    read = Decoded("no", 0.5, (("go for it", 0.1),))
    assert weighed(read, {"no": 3.3, "yes": 5.3}).score > 0.8
    assert weighed(read, {"no": 3.7, "yes": 5.3}) == read, "so near lies a go"
    assert weighed(read, {"no": 3.7, "yes": 5.3}, {"no": 2.4}) == read
    assert weighed(read, {"no": 3.7, "yes": 5.3}, {"no": 3.8}).score > 0.8, "whose own lie so far apart"
    assert weighed(Decoded("no", 0.7), {"no": 4.4, "stop": 3.7}).score < 0.6, "a doubt is heard from further off"
    assert weighed(Decoded("six", 0.5), {"six": 3.7}).score > 0.6, "hardly a word lies so near to a number"


def test_how_far_examples_lie_apart_is_told_of_words_with_several() -> None:
    slow, quick, other = example("six", "six", 140), example("six", "six", 150), example("six", "seven", 150)
    found = spreads([slow, quick, example("yes", "yes", 150)])
    assert found == {"six": pytest.approx(Shapes([slow.shape]).distances(quick.shape)[0], abs=0.1)}
    assert spreads([slow, quick, other])["six"] > found["six"]
