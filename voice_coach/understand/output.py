"""What was understood, as the command line prints it."""

from __future__ import annotations

from voice_coach.words import Correction, Flag, Match, Nothing, Understood, Unsure, Value

Json = Value | list[Value]


PRINTED = {"set_reminder": "remind"}
"""Commands that are printed under the name that the contract has for them: both kinds of reminding are one."""


def to_json(heard: str, understood: Understood, *, text_turn: bool = False) -> dict[str, Json]:
    """One utterance's result: heard, kind, value, score, and `tier` or `raised` where there was danger in it."""
    answer = understood.answer
    crises = [flag for flag in understood.flags if flag.category == "crisis"]
    raised = [flag for flag in understood.flags if flag.category == "contraindication"]
    if crises:
        worst = min(crises, key=lambda flag: flag.tier != "certain")
        return {"heard": heard, "kind": "crisis", "value": worst.kind, "score": _certainty(worst), "tier": worst.tier}
    told = isinstance(answer, Match) and answer.kind != "text"
    if raised and (isinstance(answer, Nothing) or (text_turn and not told)):
        return {"heard": heard, "kind": "contraindication", "value": raised[0].kind, "score": _certainty(raised[0])}
    printed: dict[str, Json] = {"heard": heard, **_plain(answer)}
    if raised:
        kinds: list[Value] = list(dict.fromkeys(flag.kind for flag in raised))
        printed["raised"] = kinds
    return printed


def _plain(answer: Match | Unsure | Correction | Nothing) -> dict[str, Json]:
    score = round(min(max(answer.score, 0.0), 1.0), 3)
    match answer:
        case Match(kind="question"):
            return {"kind": "nothing", "value": None, "score": score}
        case Match(kind="command", value=value):
            return {"kind": "command", "value": PRINTED.get(str(value), value), "score": score}
        case Match(kind=kind, value=value):
            return {"kind": kind, "value": _number(value), "score": score}
        case Unsure(candidates=candidates):
            return {"kind": "unsure", "value": [_number(value) for value in candidates], "score": score}
        case Correction(value=value):
            kind = "yes_no" if isinstance(value, bool) else "choice" if isinstance(value, str) else "rating"
            return {"kind": kind, "value": _number(value), "score": score}
        case Nothing():
            return {"kind": "nothing", "value": None, "score": score}


def _number(value: Value) -> Value:
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def _certainty(flag: Flag) -> float:
    return 0.9 if flag.tier == "certain" else 0.5
