"""The seed of the rules is strict, and the one that ships is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

import governance
from governance.categories import Stage
from governance.deadline import STAGE_OF, limit_for
from governance.incident import Nature, Urgency
from governance.seed_rules import REASONED, ROOTS, reasons_from_toml, rules_from_toml

TEXT = (Path(governance.__file__).parent / "categories.toml").read_text("utf-8")
CATEGORIES, LIMITS = rules_from_toml(TEXT)
LEAVES = [category for category in CATEGORIES.values() if category.is_leaf]


def test_the_ten_roots_are_those_of_the_field() -> None:
    assert {c.code: c.name_zh for c in CATEGORIES.values() if not c.is_leaf} == ROOTS


@pytest.mark.parametrize("root", ROOTS)
def test_a_root_has_three_to_seven_leaves_of_its_nature(root: str) -> None:
    leaves = [leaf for leaf in LEAVES if leaf.parent == root]
    assert 3 <= len(leaves) <= 7
    regulated = root in ("03", "07", "09", "10")
    assert {leaf.nature for leaf in leaves} == {Nature.REGULATION if regulated else Nature.SERVICE}


def test_names_differ() -> None:
    assert len({c.name_zh for c in CATEGORIES.values()}) == len({c.name_en for c in CATEGORIES.values()}) == len(CATEGORIES)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_a_leaf_has_a_limit_for_every_clock_and_urgency(leaf: object) -> None:
    for urgency in Urgency:
        for stage in set(STAGE_OF.values()) - {Stage.VERIFY}:
            assert limit_for(LIMITS, leaf.code, "330104005051003", urgency, stage) is not None  # type: ignore[attr-defined]


def test_what_is_more_urgent_is_never_given_more_time() -> None:
    from governance.deadline import seconds_of
    from governance.rules import Calendar

    for stage in set(STAGE_OF.values()) - {Stage.VERIFY, Stage.CHECK}:
        times = []
        for urgency in Urgency:
            limit = limit_for(LIMITS, "", "", urgency, stage)
            assert limit is not None
            times.append(seconds_of(limit.amount, limit.unit, Calendar()))
        assert times == sorted(times, reverse=True), stage


INTAKE = 'stage = "intake"\nurgency = "normal"'
CARD = "[root.leaf.card]"
BROKEN = [
    ("not TOML", "[[root"),
    ("roots_missing", TEXT[TEXT.index("[[limit]]") :]),
    ("roots_missing.*05", TEXT[: TEXT.index('[[root]]\ncode = "05"')] + TEXT[TEXT.index('[[root]]\ncode = "06"') :]),
    ("root_name", TEXT.replace('name_zh = "党群工作"', 'name_zh = "党务"')),
    ("root_unknown", TEXT.replace('code = "01"\n', 'code = "11"\n')),
    ("field_unknown.*colour", TEXT.replace('icon = "party"', 'icon = "party"\ncolour = "red"', 1)),
    ("field_unknown.*roots", TEXT + "\n[[roots]]\n"),
    ("needed.*nature", TEXT.replace('nature = "service"\n', "", 1)),
    ("root.0.nature: not_one_of.*both", TEXT.replace('nature = "service"', 'nature = "both"', 1)),
    ("category_twice", TEXT.replace('code = "01.02"', 'code = "01.01"')),
    ("root.0.leaf.1.code: not_under_root", TEXT.replace('code = "01.02"', 'code = "02.09"')),
    ("not_under_root", TEXT.replace('code = "01.02"', 'code = "01.２３"')),
    ("platform: not_one_of", TEXT.replace('platform = "便民"', 'platform = "网络"', 1)),
    ("needed.*icon", TEXT.replace('icon = "party"', 'icon = ""')),
    ("first_level: not_one_of", TEXT.replace('first_level = "street"', 'first_level = "province"', 1)),
    ("merge_radius_m: out_of_range", TEXT.replace("merge_radius_m = 300", "merge_radius_m = -1", 1)),
    ("merge_radius_m: not_a_number", TEXT.replace("merge_radius_m = 300", "merge_radius_m = nan", 1)),
    ("evidence: not_yes_or_no", TEXT.replace("evidence = false", 'evidence = "no"', 1)),
    ("outside: not_one_of.*911", TEXT.replace('outside = ["119"]', 'outside = ["911"]', 1)),
    ("skills: not_a_list", TEXT.replace('skills = ["gas"]', 'skills = "gas"', 1)),
    ("card.tune: field_unknown", TEXT.replace(CARD, f"{CARD}\ntune = 1", 1)),
    ("questions_en: card_lines", TEXT.replace('    "Piped gas or a bottle?",\n', "", 1)),
    ("card: not_tables", TEXT.replace('icon = "party"', 'icon = "party"\n[[root.leaf]]\ncard = 3', 1)),
    (
        "limit_missing.*intake.*normal",
        TEXT.replace('stage = "intake"\nurgency = "normal"', 'stage = "verify"\nurgency = "immediate"'),
    ),
    ("limit_twice", TEXT.replace(INTAKE, 'stage = "intake"\nurgency = "urgent"')),
    ("urgency: not_one_of", TEXT.replace('urgency = "normal"', 'urgency = "slow"', 1)),
    ("amount: not_more_than", TEXT.replace("amount = 15\n", "amount = 0\n", 1)),
    ("unit: not_one_of", TEXT.replace('unit = "minute"', 'unit = "fortnight"', 1)),
    ("category_unknown", TEXT.replace('category = "03.01"', 'category = "03.99"')),
    ("area_unknown", TEXT.replace('category = "03.01"', 'category = "03.01"\narea = "here"')),
]


@pytest.mark.parametrize(("says", "text"), BROKEN, ids=[says for says, _ in BROKEN])
def test_a_mistake_in_the_seed_is_named(says: str, text: str) -> None:
    assert text != TEXT
    with pytest.raises(ValueError, match=says):
        rules_from_toml(text)


def test_every_mistake_is_named_not_only_the_first() -> None:
    text = TEXT.replace("merge_radius_m = 300", "merge_radius_m = -1").replace('icon = "party"', 'icon = ""')
    text = text.replace('category = "03.01"', 'category = "03.99"').replace("amount = 15\n", 'amount = "soon"\n', 1)
    with pytest.raises(ValueError, match=r"needed.*out_of_range.*out_of_range.*not_a_number.*category_unknown"):
        rules_from_toml(text)


def test_every_action_with_a_reason_has_its_codes() -> None:
    reasons = reasons_from_toml(TEXT)
    assert set(reasons) == set(REASONED)
    assert all("other" in codes for codes in reasons.values())


@pytest.mark.parametrize(
    ("broken", "why"),
    [('decline = ["far"', 'declined = ["far"'), ('reject = ["not_ours",', "reject = [7,"), ("[reasons]", "[reasons]\nx = []")],
)
def test_a_broken_list_of_reasons_is_named(broken: str, why: str) -> None:
    with pytest.raises(ValueError, match="reasons"):
        reasons_from_toml(TEXT.replace(broken, why))
