"""What an imagined person says, in the many ways in which people say it."""

from __future__ import annotations

YES = ("yes",) * 8 + ("yeah", "yeah", "yep", "yes, that is right")
NO = ("no",) * 8 + ("nope", "no, not really", "not really", "no, not at all")
"""Most people answer a question of a machine with the plain word."""
AGREE = ("yes", "yes", "yes", "yeah", "sure", "yes, I will", "ok")
PLAIN = {True: "yes", False: "no"}

RATINGS = ("{n}", "{n}", "{n}", "a {n}", "a solid {n}", "about {n}", "I would say {n}", "maybe a {n}", "{n} out of ten")
"""The bare number is the commonest answer."""
OTHER_WORDS = "number {n}"
"""How a number is said to somebody who did not get it twice."""

FEARS = (
    "I am afraid of asking a question in the weekly team meeting",
    "I get scared when I have to give a talk in front of my class",
    "I fear speaking up in a meeting with my boss",
    "phoning the dentist to make an appointment makes me nervous",
    "I am nervous about talking to strangers at a party",
)
SITUATIONS = ("when I have to speak in the team meeting on Monday", "at work, when my boss asks me something")
COMMITMENTS = (
    "I will do it in the kitchen now and stop at the last word",
    "I will do it at my desk right after this and then I am done",
    "now, in my living room, until the end",
)
REPAIRS = {
    "what": ("I will do the whole step as you said it",),
    "where": ("in the kitchen", "at my desk at home"),
    "when": ("right now", "now, after this"),
    "end": ("when I have said the last word", "when it is sent"),
}
PREDICTIONS = (
    "my voice will shake",
    "I will forget what I wanted to say",
    "people will think I am stupid",
    "I will go red and want to leave",
)
MURMURS = (
    "good morning everybody and thank you for coming today",
    "this is the second page and I read it to the end",
    "I would like to ask a question about the plan",
)
"""What is spoken aloud in a step that asks for speaking."""
NOTICED = ("my heart is beating faster", "my hands are warm and I feel calmer", "it was shorter than I thought")
LEARNED = (
    "it was not as bad as I thought",
    "I can speak even when my voice shakes",
    "nobody laughed and I got to the end",
)
HABITS = ("I do not rehearse every word", "I will not speak so fast", "I leave out my notes")
SURPRISES = ("that it was over so soon", "my voice did not shake much", "nobody laughed")
ACTIONS = ("I will drink a glass of water", "I will write to my friend about it", "I open the window and walk a little")

LADDERS = {
    "public_speaking": ("public speaking", "speaking in front of others", "speaking to a group"),
    "phone_calls": ("phone calls", "making phone calls"),
    "social": ("being with other people", "other people"),
    "email_messages": ("reading and sending messages", "messages"),
    "work_performance": ("being judged at work", "at work"),
}
HAPPENED = {"no": ("no", "no, it did not"), "partly": ("partly", "partly, yes"), "yes": ("yes", "yes it did")}
COMPARED = ("easier", "the same", "worse", "it was easier")
AFTER_STOP = ("steady", "talk", "finish")

ASIDES = ("repeat", "slower", "where am I", "help", "say that again", "why", "louder", "what did I say")
"""Commands that lead back to the same question."""
DONE = ("coach, done", "coach, I am done", "coach, done")
TOO_MUCH = ("coach, too much", "coach, stop", "coach, too much")
GO_ON = ("go on", "continue", "go on")
