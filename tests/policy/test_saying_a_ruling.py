"""A ruling says why in words of the catalogue, what it asks for, how far it goes; two rulings can be one."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from openipt import policy
from openipt.policy import Actor, Ruling, both, decide, may, sentences, wanting
from openipt.policy.filling import cells
from openipt.policy.table import table
from openipt.therapy.words import catalogue, render, render_all

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = {name for name in catalogue("en").lines if name.startswith("policy.")}


def every_ruling() -> list[Ruling]:
    """All that the table can answer, with nothing, one thing, and everything true of an item."""
    sets = [frozenset[str](), *(frozenset({fact}) for fact in policy.facts())]
    moments: list[dict[str, bool]] = [{}, {"limited": True}, {"write_only": True}, {"leaving": True}, {"solo": True}]
    found = {decide(*key, facts=true) for key in cells() for true in sets}
    found |= {decide(*key, facts=policy.facts() - true) for key in cells() for true in sets}
    found |= {decide(*key, facts=policy.facts(), **moment) for key in cells() for moment in moments}
    found |= {decide(*key, **moment) for key in cells() for moment in moments}
    found.add(may(Actor("a", "o", frozenset()), (), "diary", "read"))
    return sorted(found, key=repr)


EVERY_RULING = every_ruling()


def test_every_ruling_can_be_said() -> None:
    assert len(EVERY_RULING) > 80
    for ruling in EVERY_RULING:
        said = sentences(ruling)
        assert said[0].id == ruling.reason
        assert render_all(said).endswith(".")


def test_the_catalogue_holds_no_sentence_that_no_ruling_needs() -> None:
    said = {sentence.id for ruling in EVERY_RULING for sentence in sentences(ruling)}
    facts = {f"policy.denied.{fact}" for fact in policy.facts()}
    assert said | facts == CATALOGUE  # a fact that always has another way beside it is never the reason; it could be


def test_the_table_names_no_fact_need_or_bound_that_no_cell_uses() -> None:
    page = table()
    grants = [grant for kind in page.kinds.values() for cell in kind.cells.values() for grant in page.parse(cell)]
    needs = {need for grant in grants for need in grant.needs} | set(page.solo)
    assert {fact for grant in grants for fact in grant.wants} == set(page.facts)
    assert needs | {kind.leaves for kind in page.kinds.values()} - {"freely", "never"} == set(page.needs)
    assert {bound for grant in grants for bound in grant.bounds} == set(page.bounds)


def test_a_refusal_names_what_is_lacking() -> None:
    lacking = {
        ("supervisor", "supervision", "process_notes", "read"): "agreed",
        ("therapist", "assigned", "process_notes", "write"): "author",
        ("client", "own", "insight", "read"): "shared",
        ("facilitator", "group", "questionnaires", "read"): "group_course",
        ("facilitator", "group", "substance_use", "read"): "sud_group",
        ("client", "own", "proxy_settings", "read"): "age_allows",
        ("client", "own", "legal_ledger", "read"): "unbarred",
        ("therapist", "cover", "supervision", "read"): "about_self",
        ("therapist", "own", "diary", "read"): "other_tie",
        ("emergency", "emergency", "diary", "read"): "not_for_role",
        ("researcher", "programme", "diary", "write"): "not_for_role",
        ("lead", "none", "identity", "read"): "no_tie",
    }
    assert {key: decide(*key).reason for key in lacking} == {
        key: f"policy.denied.{reason}" for key, reason in lacking.items()
    }


def test_of_several_refusals_the_one_is_told_that_could_be_lifted() -> None:
    who = Actor("a", "o", frozenset({"therapist", "researcher", "supervisor"}))
    for tied in permutations(("own", "supervision", "none")):
        assert may(who, tied, "safety_plan", "read").reason == "policy.denied.shared"


def test_a_ruling_is_allowed_through_the_tie_that_opened_it() -> None:
    ruling = decide("facilitator", "group", "identity", "read")
    assert ruling == Ruling(True, "full", "policy.through.group", (), ("no_address",))
    assert render_all(sentences(ruling)) == "You lead the group that this belongs to. Without the address."


def test_numbers_of_the_table_reach_the_sentences() -> None:
    said = render_all(sentences(decide("emergency", "emergency", "questionnaires", "read")))
    for words in ("after 60 minutes", "within 7 days", "within 72 hours"):
        assert words in said
    assert "24 hours" in render_all(sentences(decide("lead", "programme", "manuals", "write", solo=True)))
    assert "10 people or more" in render_all(sentences(decide("lead", "programme", "cube", "read")))


def test_an_export_waits_for_what_it_needs_and_goes_on_when_that_is_there() -> None:
    ruling = decide("therapist", "assigned", "full_export", "read")
    assert ruling.allowed
    assert wanting(ruling) == ("step_up", "second_person")
    assert wanting(ruling, {"step_up"}) == ("second_person",)
    assert wanting(ruling, {"step_up", "second_person"}) == ()
    assert "notice_lead" in ruling.needs  # comes after, so nothing waits for it


def test_an_emergency_that_is_running_counts_and_one_that_is_not_does_not_hide_what_was_open_before() -> None:
    who = Actor("a", "o", frozenset({"supervisor", "emergency"}))
    tied = {"supervision", "emergency"}
    assert may(who, tied, "questionnaires", "read").extent == "pseudonymous"
    assert may(who, tied, "questionnaires", "read", met=("reauthenticate", "reason")).extent == "full"


def test_what_is_two_kinds_at_once_takes_the_narrower_ruling() -> None:
    answers = decide("emergency", "emergency", "questionnaires", "read")
    labelled = decide("emergency", "emergency", "substance_use", "read")
    assert both(answers, labelled).needs == (*answers.needs, "redisclosure_notice")
    full, masked = (
        decide("therapist", "assigned", "insight", "read"),
        decide("supervisor", "supervision", "inventory", "read"),
    )
    assert both(full, masked) == both(masked, full)
    assert both(full, masked).extent == "pseudonymous"
    assert both(full, masked).bounds == ("names_masked",)
    bounded, pseudonymous = (
        decide("client", "own", "risk_flags", "read"),
        decide("supervisor", "supervision", "insight", "read"),
    )
    assert (both(bounded, pseudonymous).extent, both(bounded, pseudonymous).bounds) == (
        "pseudonymous",
        ("own_answers",),
    )


def test_what_is_two_kinds_at_once_is_refused_where_either_is() -> None:
    written = decide("client", "own", "questionnaires", "write")
    labelled = decide("client", "own", "substance_use", "write")
    assert written.allowed
    assert both(written, labelled) == both(labelled, written) == labelled


def test_a_refusal_says_nothing_of_extent_needs_or_bounds() -> None:
    for ruling in EVERY_RULING:
        if not ruling.allowed:
            assert (ruling.extent, ruling.needs, ruling.bounds) == ("none", (), ())
            assert len(sentences(ruling)) == 1
            assert render(sentences(ruling)[0])


def test_the_reference_page_is_what_the_table_writes() -> None:
    page = (ROOT / "docs" / "reference" / "policy.md").read_text(encoding="utf-8")
    assert page == policy.page()


def test_the_reference_page_tells_every_name_of_the_table() -> None:
    page, data = policy.page(), table()
    for name in (*data.roles, *data.ties, *data.kinds, *data.facts, *data.needs, *data.bounds):
        assert f"`{name}`" in page
    for form in (form for kind in data.kinds.values() for form in kind.forms):
        assert f"`{form}`" in page
    for note in (note for kind in data.kinds.values() for note in kind.notes.values()):
        assert note in page
