"""Finding anything: by number, place, person, text, category, grid; ranked, quick, kept up to date, blind to who reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.command.find import GROUPS, MOST, FindIndex, Found
from desktop.phrases import title_of
from desktop.seat import Seat
from desktop.town_arrival import Town
from gis_data.town.address_book import AddressBook
from governance.incident import ActorKind, State, Step
from governance.places import LonLat
from tests.fakes import situations
from tests.fakes.seats import a_seat, first


def index(seat: Seat) -> FindIndex:
    made = FindIndex(seat)
    made.touch((), is_all=True)
    return made


def of(found: tuple[Found, ...], group: str) -> list[str]:
    return [hit.entry.name for each in found if each.group == group for hit in each.hits]


@pytest.mark.parametrize(
    ("text", "group", "name"),
    [
        ("0014", "incidents", "JG-20261122-0014"),
        ("14", "incidents", "JG-20261122-0014"),
        ("jg-20261122-0014", "incidents", "JG-20261122-0014"),
        ("1122-0014", "incidents", "JG-20261122-0014"),
        ("李建国", "workers", "李建国"),
        ("ljg", "workers", "李建国"),
        ("建国", "workers", "李建国"),
        ("#12", "workers", "俞阿根"),
        ("景芳社区", "places", "景芳社区"),
        ("jfsq", "places", "景芳社区"),
        ("330104005051", "places", "景芳社区"),
        ("九堡", "places", "九堡街道"),
        ("凯旋路", "places", "凯旋路"),
        ("景芳二区 7", "cameras", "景芳二区 7 号机"),
        ("33010400001320000006", "cameras", "景芳二区 7 号机"),
    ],
)
def test_a_thing_is_found_by_what_it_is_called(seat: Seat, text: str, group: str, name: str) -> None:
    seat.places["凯旋路"] = LonLat(120.2, 30.27)
    found = index(seat).find(text)
    assert name in of(found, group)


@pytest.mark.parametrize("text", ["燃气泄漏", "rqxl", "gas leak", "公共安全", "燃气 景芳", "景芳 rqxl", "RQXL 景芳"])
def test_an_incident_is_found_by_kind_and_place(seat: Seat, text: str) -> None:
    found = index(seat).find(text)
    hits = {hit.entry.id for each in found for hit in each.hits if each.group == "incidents"}
    titles = {
        title_of(seat.words, seat.situation.rules, case)
        for case in seat.situation.cases.values()
        if str(case.incident.id) in hits
    }
    assert hits
    assert titles <= {"燃气泄漏", "楼道堆物(消防通道)"}


def test_an_incident_is_found_by_who_dealt_with_it(seat: Seat) -> None:
    case = first(seat, "handling")
    lead = case.lead
    assert lead is not None
    step = Step(9, "E14", "raise_level", State.FILED, State.FILED, ActorKind.USER, situations.NOW, "诸葛明")
    seat.situation.cases[case.incident.id] = replace(case, steps=(*case.steps, step))
    made = index(seat)
    for text in (lead.worker_name, "诸葛明", "zgm"):
        assert case.incident.number in of(made.find(f"{case.incident.number[-4:]} {text}"), "incidents"), text


@pytest.mark.parametrize(("text", "names"), [("凯旋路12号", ["凯旋路12号"]), ("凯旋路99号", ["凯旋路"])])
def test_an_address_leads_to_the_house_first_and_an_unknown_number_to_the_road(seat: Seat, text: str, names: list[str]) -> None:
    case = first(seat, "filed")
    seat.situation.cases[case.incident.id] = replace(case, incident=replace(case.incident, place_text=text))
    town = Town(None, {}, {}, {"凯旋路": LonLat(120.2, 30.27)}, AddressBook([("凯旋路", "12", LonLat(120.3, 30.28))]))  # type: ignore[arg-type]
    seat.places, seat.place_named = town.places, town.place_named
    found = index(seat).find(text)
    assert of(found, "places") == names
    assert of(found, "incidents"), "what was reported at an address is found as well"
    assert found[0].group == ("places" if "12" in text else "incidents")


def test_who_reported_is_never_looked_through(seat: Seat) -> None:
    reporter = seat.situation.workers.people()[5]
    case = first(seat, "reported")
    told = tuple(replace(report, reporter_worker=reporter.id, confidential=True) for report in case.reports)
    seat.situation.cases[case.incident.id] = replace(case, reports=told, assignments=(), steps=())
    made = index(seat)
    for text in (reporter.name, str(reporter.id)):
        assert case.incident.number not in of(made.find(text), "incidents")


def test_part_of_what_was_said_is_enough(seat: Seat) -> None:
    case = first(seat, "filed")
    told = replace(case.incident, text="楼下有很浓的煤气味道，老人在家")
    seat.situation.cases[case.incident.id] = replace(case, incident=told)
    made = index(seat)
    for text in ("煤气味", "很浓的煤气", "楼下煤气味道", "老人在家里"):
        assert case.incident.number in of(made.find(text), "incidents"), text
    assert case.incident.number not in of(made.find("燃放烟花爆竹"), "incidents")


def test_the_best_comes_first_and_what_is_over_last(seat: Seat) -> None:
    found = index(seat).find("0014")
    assert found[0].group == "incidents"
    assert found[0].hits[0].entry.name == "JG-20261122-0014"
    for each in index(seat).find("景芳"):
        scores = [hit.score for hit in each.hits]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) <= MOST[each.group]
        assert each.group in GROUPS


def test_how_many_more_there_are_is_known(seat: Seat) -> None:
    (found,) = [each for each in index(seat).find("2026") if each.group == "incidents"]
    assert len(found.hits) + found.more == len(seat.situation.cases)


@pytest.mark.parametrize("text", ["", "   ", "\0", "a" * 10_000, "😀", "燃" * 5000, "%", "\\", "(", "\u202e0014"])
def test_no_text_breaks_the_search(seat: Seat, text: str) -> None:
    index(seat).find(text)


def test_a_changed_incident_is_found_by_what_it_is_now(seat: Seat) -> None:
    made = index(seat)
    case = first(seat, "filed")
    assert of(made.find("消防栓漏水"), "incidents") == []
    seat.situation.cases[case.incident.id] = replace(case, incident=replace(case.incident, title="消防栓漏水"))
    made.touch({case.incident.id})
    assert of(made.find("消防栓漏水"), "incidents") == [case.incident.number]
    del seat.situation.cases[case.incident.id]
    made.touch({case.incident.id})
    assert of(made.find("消防栓漏水"), "incidents") == []


def test_when_the_town_comes_its_names_are_found(seat: Seat) -> None:
    names = dict(seat.area_names)
    seat.area_names.clear()
    made = index(seat)
    assert of(made.find("景芳社区"), "places") == []
    seat.area_names.update(names)
    made.forget_places()
    assert of(made.find("景芳社区"), "places") == ["景芳社区"]


CHANGES = st.lists(st.tuples(st.integers(0, 59), st.sampled_from(["改名甲乙", "路灯", ""])), max_size=8)


@settings(max_examples=25)
@given(CHANGES, st.sampled_from(["路灯", "甲乙", "00", "ld"]))
def test_an_index_kept_up_to_date_finds_what_a_fresh_one_finds(changes: list[tuple[int, str]], text: str) -> None:
    seat = a_seat()
    kept = index(seat)
    kept.find(text)
    ids = list(seat.situation.cases)
    for at, title in changes:
        case = seat.situation.cases.get(ids[at])
        if not title:
            seat.situation.cases.pop(ids[at], None)
        elif case is not None:
            seat.situation.cases[ids[at]] = replace(case, incident=replace(case.incident, title=title))
        kept.touch({ids[at]})
    assert [[hit.entry for hit in each.hits] for each in kept.find(text)] == [
        [hit.entry for hit in each.hits] for each in index(seat).find(text)
    ]


@pytest.mark.parametrize("text", ["0147", "景芳", "rqxl", "燃气 景芳", "00", "0"])
def test_of_five_thousand_none_is_overlooked_and_the_best_are_shown(text: str) -> None:
    made = big_index()
    fit = [
        entry
        for entry in made.entries()
        if entry.group == "incidents" and all(word in entry.names + entry.text + entry.letters for word in text.split())
    ]
    (found,) = [each for each in made.find(text) if each.group == "incidents"]
    assert len(found.hits) + found.more == len(fit)
    assert {hit.entry.id for hit in found.hits} <= {entry.id for entry in fit}
    if text == "0147":
        assert found.hits[0].entry.name.endswith("0147")


def test_the_index_fills_by_so_many_at_a_time_and_no_more() -> None:
    seat = a_seat(situation=situations.situation(200, worker_count=5))
    made = FindIndex(seat)
    made.touch((), is_all=True)
    listed = lambda: sum(entry.group == "incidents" for entry in made.entries())  # noqa: E731
    assert listed() == 0
    for done in (60, 120, 180):
        assert made.catch_up(60)
        assert listed() == done
    assert not made.catch_up(60)
    assert listed() == 200


def big_index() -> FindIndex:
    """Five thousand incidents and sixteen hundred workers; made once."""
    if not BIG:
        BIG.append(index(a_seat(situation=situations.situation(5000, worker_count=1600))))
        BIG[0].catch_up(5000)
    return BIG[0]


BIG: list[FindIndex] = []
