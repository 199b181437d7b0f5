from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raylens.insights.root_cause import rank_suspects
from raylens.model.figures import Entity, FiguresTable
from raylens.model.insight import Signal, Suspect
from raylens.model.service import ServiceId
from tests.unit.insights.figure_tables import (
    CALLS,
    CART,
    MAIL,
    NORMAL,
    ORDERS,
    SHOP,
    STOCK,
    Minute,
    edge,
    incident,
    no_table,
    node,
    table,
)

BEFORE = table(120, NORMAL)
AT_S = 120 * 60


def suspects(during: dict[Entity, Minute], *given: object, before: FiguresTable = BEFORE) -> tuple[Suspect, ...]:
    return rank_suspects(before, table(4, during, AT_S, seed=2), CALLS, *given)  # type: ignore[arg-type]


def first(during: dict[Entity, Minute], *given: object) -> Suspect:
    return suspects(during, *given)[0]


def test_a_slow_leaf_is_the_cause_of_all_that_wait_for_it() -> None:
    slow = incident(
        orders=Minute(600, 0.110), stock=Minute(300, 0.160), cart=Minute(300, 0.320), shop=Minute(300, 0.400)
    )
    suspect = first(slow, node(SHOP), Signal.LATENCY)
    assert (suspect.entity, suspect.signal) == (node(ORDERS), Signal.LATENCY)
    assert suspect.score > 0.6


def test_without_a_place_where_it_was_noticed_the_same_leaf_is_found() -> None:
    slow = incident(
        orders=Minute(600, 0.110), stock=Minute(300, 0.160), cart=Minute(300, 0.320), shop=Minute(300, 0.400)
    )
    assert first(slow).entity == node(ORDERS)


def test_a_slow_service_whose_callees_are_as_fast_as_before_is_the_cause() -> None:
    slow = incident(cart=Minute(300, 0.320), shop=Minute(300, 0.400))
    assert first(slow, node(SHOP), Signal.LATENCY).entity == node(CART)


def test_calls_that_are_slower_than_the_callee_answers_are_lost_on_the_way() -> None:
    calls = {edge(SHOP, CART): Minute(300, 0.122), edge(SHOP, MAIL): Minute(300, 0.032)}
    before = table(120, NORMAL | calls)
    slow = incident(shop=Minute(300, 0.400)) | calls | {edge(SHOP, CART): Minute(300, 0.322)}
    suspect = suspects(slow, node(SHOP), Signal.LATENCY, before=before)[0]
    assert suspect.entity == edge(SHOP, CART)
    assert "Calls from shop to cart took 3" in suspect.sentence
    assert "cart itself does not show it" in suspect.sentence


def test_a_callee_that_is_slow_for_its_caller_by_itself_is_not_the_way_to_it() -> None:
    calls = {edge(SHOP, CART): Minute(300, 0.122), edge(SHOP, MAIL): Minute(300, 0.032)}
    before = table(120, NORMAL | calls)
    slow = incident(shop=Minute(300, 0.400), cart=Minute(300, 0.320)) | calls | {edge(SHOP, CART): Minute(300, 0.322)}
    assert suspects(slow, node(SHOP), Signal.LATENCY, before=before)[0].entity == node(CART)


def test_who_fails_while_nobody_it_calls_does_is_the_cause_and_not_who_passes_it_on() -> None:
    failing = incident(stock=Minute(faults=30), cart=Minute(faults=30), shop=Minute(faults=30))
    suspect = first(failing, node(SHOP), Signal.FAULT)
    assert (suspect.entity, suspect.signal) == (node(STOCK), Signal.FAULT)
    assert suspect.sentence == (
        "stock answered 10 % of 1,200 requests with a fault instead of 0 %, and nothing it calls fails more; "
        "nearly all of the requests shop lost were lost here."
    )


def test_a_throttled_table_is_the_cause_of_the_faults_of_its_callers() -> None:
    failing = incident(orders=Minute(600, throttles=40), cart=Minute(faults=40), shop=Minute(faults=40))
    suspect = first(failing, node(SHOP), Signal.FAULT)
    assert (suspect.entity, suspect.signal) == (node(ORDERS), Signal.THROTTLE)


def test_of_two_branches_the_one_that_lost_more_comes_first_and_both_are_named() -> None:
    slow = incident(mail=Minute(300, 0.080), stock=Minute(300, 0.260), cart=Minute(300, 0.320), shop=Minute(300, 0.450))
    found = [each.entity for each in suspects(slow, node(SHOP), Signal.LATENCY)]
    assert found[:2] == [node(STOCK), node(MAIL)]


def test_a_caller_that_tries_again_fails_less_than_its_callee_which_stays_the_cause() -> None:
    failing = incident(stock=Minute(450, faults=150), cart=Minute(faults=20), shop=Minute(faults=20))
    assert first(failing, node(SHOP), Signal.FAULT).entity == node(STOCK)


def test_a_service_that_is_called_for_the_first_time_and_fails_is_laid_on_its_caller() -> None:
    wrong = node(ServiceId("ordres", "AWS::DynamoDB::Table"))
    failing = incident(stock=Minute(faults=30), cart=Minute(faults=30), shop=Minute(faults=30))
    failing[wrong] = Minute(30, 0.02, faults=30)
    calls = (*CALLS, (STOCK, wrong.service))
    found = rank_suspects(BEFORE, table(4, failing, AT_S), calls, node(SHOP), Signal.FAULT)
    assert found[0].entity == node(STOCK)
    assert "began to call ordres (AWS::DynamoDB::Table)" in found[0].sentence


def test_requests_that_end_before_their_usual_call_are_laid_on_who_did_not_make_it() -> None:
    # nobody below the entry reports failures, as senders without status do not
    lost = incident(shop=Minute(faults=150), stock=Minute(150, 0.060), orders=Minute(300, 0.010))
    suspect = first(lost, node(SHOP), Signal.FAULT)
    assert suspect.entity == node(CART)
    assert "cart ended about 600 requests before the usual call to stock" in suspect.sentence


def test_a_client_is_never_the_cause() -> None:
    phone = ServiceId("shop", "client")
    figures = {**incident(shop=Minute(300, 0.400)), node(phone): Minute(300, 0.400)}
    before = table(120, {**NORMAL, node(phone): Minute(300, 0.200)})
    found = rank_suspects(before, table(4, figures, AT_S), (*CALLS, (phone, SHOP)), node(phone), Signal.LATENCY)
    assert found[0].entity == node(SHOP)
    assert node(phone) not in [each.entity for each in found]


def test_callees_that_nobody_waits_for_explain_no_more_than_the_caller_lost() -> None:
    slow = incident(mail=Minute(300, 5.0), cart=Minute(300, 0.320), shop=Minute(300, 0.400))
    found = suspects(slow, node(CART), Signal.LATENCY)
    assert [each.entity for each in found] == [node(CART)]


def test_services_that_call_each_other_in_a_circle_are_ranked_all_the_same() -> None:
    calls = (*CALLS, (STOCK, CART))
    slow = incident(stock=Minute(300, 0.260), cart=Minute(300, 0.320), shop=Minute(300, 0.400))
    found = rank_suspects(BEFORE, table(4, slow, AT_S), calls, node(SHOP), Signal.LATENCY)
    assert found[0].entity in (node(STOCK), node(CART))
    assert sum(each.score for each in found) <= 1.0 + 1e-9


def test_nothing_is_suspected_without_anything_normal_to_compare_with() -> None:
    assert rank_suspects(no_table(), table(4, NORMAL), CALLS) == ()
    assert rank_suspects(BEFORE, no_table(), CALLS) == ()


def test_a_noticed_service_without_figures_explains_nothing() -> None:
    slow = incident(cart=Minute(300, 0.320), shop=Minute(300, 0.400))
    assert suspects(slow, node(ServiceId("unheard of")), Signal.LATENCY) == ()


def test_nothing_is_suspected_while_everything_is_as_usual() -> None:
    assert suspects(NORMAL) == ()


def test_response_times_that_drifted_before_the_incident_are_no_part_of_it() -> None:
    drifted = NORMAL | {node(MAIL): Minute(300, 0.300), node(SHOP): Minute(300, 0.470)}
    before = _joined(table(120, NORMAL), table(20, drifted, AT_S - 20 * 60))
    slow = drifted | {node(CART): Minute(300, 0.320), node(SHOP): Minute(300, 0.670)}
    assert suspects(slow, node(SHOP), Signal.LATENCY, before=before)[0].entity == node(CART)


def test_quantiles_stand_in_where_no_mean_is_known() -> None:
    slow = incident(stock=Minute(300, 0.260), cart=Minute(300, 0.320), shop=Minute(300, 0.400))
    before, during = (_quantiles_only(each) for each in (BEFORE, table(4, slow, AT_S)))
    assert rank_suspects(before, during, CALLS, node(SHOP), Signal.LATENCY)[0].entity == node(STOCK)


def test_a_service_without_any_figures_shares_what_nobody_else_explains() -> None:
    silent = ServiceId("ads")
    failing = incident(shop=Minute(faults=30))
    found = rank_suspects(BEFORE, table(4, failing, AT_S), (*CALLS, (MAIL, silent)), node(MAIL), Signal.FAULT)
    assert [each.entity for each in found] == [node(MAIL), node(silent)]


@pytest.mark.parametrize("service", [CART, MAIL, STOCK, ORDERS])
def test_sentences_begin_with_the_suspect_and_end_like_sentences(service: ServiceId) -> None:
    slow = {entity: Minute(each.requests, each.seconds * 5) for entity, each in NORMAL.items()}
    by_entity = {each.entity: each.sentence for each in suspects(NORMAL | {node(service): slow[node(service)]})}
    sentence = by_entity[node(service)]
    assert sentence.startswith(f"{service.label} answered in ")
    assert " instead of " in sentence and sentence.endswith(".")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.2, 20), min_size=5, max_size=5), st.integers(0, 1000))
def test_scores_are_shares_best_first_each_entity_once(factors: list[float], seed: int) -> None:
    changed = {
        entity: Minute(each.requests, each.seconds * factor, faults=min(factor, each.requests))
        for (entity, each), factor in zip(NORMAL.items(), factors, strict=True)
    }
    found = rank_suspects(BEFORE, table(3, changed, AT_S, seed), CALLS)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores) and sum(scores) <= 1 + 1e-9
    assert len({each.entity for each in found}) == len(found)


def _joined(*tables: FiguresTable) -> FiguresTable:
    assert all(each.entities == tables[0].entities for each in tables)
    columns = ("at_s", "entity", "requests", "faults", "errors", "throttles", "response_s")
    joined = (np.concatenate([getattr(each, name) for each in tables]) for name in columns)
    return FiguresTable(60, tables[0].entities, *joined)


def _quantiles_only(figures: FiguresTable) -> FiguresTable:
    times = np.full_like(figures.response_s, np.nan)
    times[:, 2], times[:, 4] = figures.response_s[:, 0], figures.response_s[:, 0] * 2
    columns = (figures.at_s, figures.entity, figures.requests, figures.faults, figures.errors, figures.throttles)
    return FiguresTable(60, figures.entities, *columns, times)
