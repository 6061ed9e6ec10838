""" "Why this one?": the rule that decided and the person's own numbers, in one sentence."""

from __future__ import annotations

from voice_coach.coach.proposals import NeedsRating, Proposal
from voice_coach.records import Go, Rules
from voice_coach.words import Note, Say


def why_step(proposal: Proposal, go: Go, before: float, rules: Rules) -> Say:
    """Why this step in this form. A number above five now overrides what the ladder alone would have said."""
    if before > rules["easier_above"].value and not proposal.easier and go.variation is not None:
        return Say("why.tense", {"before": before})
    return Say(f"why.{proposal.why}", dict(proposal.numbers))


def why_rate(asked: NeedsRating, rules: Rules) -> Say:
    """Why this rung is rated now."""
    days = {"days": rules["rate_anew"].value} if asked.why == "away" else {}
    return Say(f"why.rate_{asked.why}", days)


def proposal_note(proposal: Proposal, go: Go) -> Note:
    """The decision as a fact: the rung, its variation, the rule and the numbers behind it."""
    chosen = {
        "ladder": go.rung.ladder,
        "rung": go.rung.id,
        "variation": go.variation.id if go.variation else None,
        "why": proposal.why,
        "retention": proposal.retention,
    }
    return Note("proposal", chosen | dict(proposal.numbers))
