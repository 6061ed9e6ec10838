"""Helplines: every row has a source and says its own digits; the country decides."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from voice_coach import catalog_files
from voice_coach.errors import BadInput
from voice_coach.helplines import _DIGITS, LOCAL_EMERGENCY, country_of, read_helplines, stale, standing_blanks
from voice_coach.understand.catalog import Fault

TEXT = catalog_files.read_texts()["helplines.yaml"]
ROW = """helplines:
  - countries: ["any"]
    kind: crisis
    name: "a line"
    dial: "12 34"
    spoken: "one two, three four"
    source: "a page"
    recorded: "2025-10"
"""


def faults_of(text: str) -> list[str]:
    faults: list[Fault] = []
    read_helplines(text, faults)
    return [fault.message for fault in faults]


def test_every_row_has_a_source_and_its_date() -> None:
    faults: list[Fault] = []
    rows = read_helplines(TEXT, faults)
    assert faults == []
    assert len(rows) >= 20
    assert all(row.source and row.recorded for row in rows)
    assert all(row.verified == "" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", row.verified) for row in rows)


@pytest.mark.parametrize(("taken", "put", "told"), [
    ('    source: "a page"\n', "", '"source" is missing'),
    ('    recorded: "2025-10"\n', "", '"recorded" is missing'),
    ('source: "a page"', 'source: ""', "words are wanted"),
    ('"2025-10"', '"last autumn"', "no date"),
    ('"2025-10"', '"2025-02-30"', "no date"),
    ("three four", "three five", "does not say the digits"),
    ('"any"', '"Germany"', "no country"),
    ('"any"', '"DE"', 'no row for "any"'),
    ("kind: crisis", "kind: hope", "not known"),
    ('    spoken: "one two, three four"\n', "", "Nothing of this row can be said"),
])  # fmt: skip
def test_what_is_wrong_with_a_row_is_told(taken: str, put: str, told: str) -> None:
    assert faults_of(ROW) == []
    assert any(told in message for message in faults_of(ROW.replace(taken, put)))
    with pytest.raises(BadInput, match=re.escape(told)):
        standing_blanks("", ROW.replace(taken, put))


@pytest.mark.parametrize(("country", "number", "emergency"), [
    ("US", "nine eight eight, or text to nine eight eight", "nine one one"),
    ("GB", "one one six, one two three, or text shout, to eight five two, five eight", "nine nine nine"),
    ("DE", "zero eight zero zero, one one one, zero, one one one", "one one two"),
    ("IE", "one one six, one two three, or text hello, to five zero eight, zero eight", "one one two"),
    ("AU", "one three, one one, one four", LOCAL_EMERGENCY),
])  # fmt: skip
def test_the_country_decides(country: str, number: str, emergency: str) -> None:
    blanks = standing_blanks(country, TEXT)
    assert (blanks["number"], blanks["emergency"]) == (number, emergency)


@pytest.mark.parametrize("country", ["", "XX", "ZZ"])
def test_elsewhere_the_directory_is_named_and_no_number_invented(country: str) -> None:
    blanks = standing_blanks(country, TEXT)
    assert blanks["emergency"] == LOCAL_EMERGENCY
    assert "find a helpline dot com" in blanks["number"]


def test_the_emergency_number_of_a_country_without_a_line_of_its_own() -> None:
    assert standing_blanks("PL", TEXT)["emergency"] == "one one two"


@pytest.mark.parametrize(("setting", "locale", "country"), [
    ("", "en_GB.UTF-8", "GB"), ("de", "en_US.UTF-8", "DE"), ("", "C.UTF-8", ""), ("", "POSIX", ""), ("", "", ""),
    ("", "pt_BR", "BR"), (" nz ", "", "NZ"), ("", "en", ""),
])  # fmt: skip
def test_the_country_is_set_or_the_locale_s(setting: str, locale: str, country: str) -> None:
    assert country_of(setting, locale) == country


def test_rows_that_nobody_verified_are_told_after_half_a_year() -> None:
    rows = read_helplines(ROW, [])
    assert stale(rows, date(2026, 4, 29)) == []
    told = stale(rows, date(2026, 4, 30))
    assert len(told) == 1
    assert "never verified" in told[0]
    verified = read_helplines(ROW + '    verified: "2026-04-01"\n', [])
    assert stale(verified, date(2026, 9, 28)) == []
    assert "last verified 2026-04-01" in stale(verified, date(2026, 9, 29))[0]


@pytest.mark.filterwarnings("default::UserWarning")
def test_rows_that_may_be_out_of_date_are_warned_about() -> None:
    """A release is refused then (scripts/release)."""
    rows = read_helplines(TEXT, [])
    old = stale(rows, datetime.now(UTC).date())
    if old:
        warnings.warn(f"{len(old)} of {len(rows)} helplines want verifying; voice-coach check lists them", stacklevel=1)
    assert stale(rows, date(2100, 1, 1)), "nothing is ever old"


def test_every_number_of_the_field_s_list_is_there() -> None:
    source = Path(__file__).resolve().parent.parent.parent / "shared" / "reference" / "field.md"
    if not source.exists():
        pytest.skip("the list is not here")
    listed = next(line for line in source.read_text().splitlines() if line.startswith("Helplines as recorded"))
    wanted = {re.sub(r" ", "", number) for number in re.findall(r"\d[\d ]{1,}\d", listed.partition(":")[2])}
    rows = read_helplines(TEXT, [])
    known = {re.sub(r"\D", "", text) for row in rows for text in (row.dial, row.text)}
    assert len(wanted) >= 20
    assert wanted <= known, wanted - known
    countries = {code for row in rows if row.kind == "crisis" for code in row.countries}
    assert countries == set(re.findall("..", "USCAGBIEDEFRNLESAUNZINJPSGZABRATBEAR"))
    assert any(row.dial == "findahelpline.com" for row in rows)


def test_a_line_that_takes_texts_says_where_to_send_them() -> None:
    """Where the country's own line does not, another one of the country may."""
    two = (
        ROW.replace('countries: ["any"]', 'countries: ["GB"]')
        + """  - countries: ["GB", "any"]
    kind: crisis
    name: "texts"
    text: "HI to 5"
    text_spoken: "hi, to five"
    source: "a page"
    recorded: "2025-10"
"""
    )
    assert standing_blanks("GB", two)["number"] == "one two, three four, or text hi, to five"
    own = two.replace('dial: "12 34"', 'text: "34"\n    text_spoken: "to three four"\n    dial: "12 34"')
    assert standing_blanks("GB", own)["number"] == "one two, three four, or text to three four"


def test_digits_are_said_in_groups_that_can_be_remembered() -> None:
    for row in read_helplines(TEXT, []):
        groups = [group.split() for spoken in (row.spoken, row.text_spoken) for group in spoken.split(",")]
        for group in groups if row.kind != "directory" else ():
            digits = [word for word in group if word in _DIGITS]
            assert len(digits) <= 4, row.spoken
