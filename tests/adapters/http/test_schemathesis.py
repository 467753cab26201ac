"""Everything that the description allows and forbids, against the app in this process (reliability.md, R36)."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK, FeedbackSources
from schemathesis.generation.modes import GenerationMode
from schemathesis.generation.overrides import Override
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_site import create_site
from kwartier.service.ports.idempotency_store import RequestKey
from kwartier.site.document import SiteCreateDTO
from kwartier.units.instant import FIRST_YEAR, LAST_YEAR
from tests.adapters.http.operations import Operation, operations
from tests.services.described import memory_service

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
# Of each operation, on top of the cases that go through every keyword of every schema (the «coverage» phase, the same
# in every run; `POST /v1/planning` has 2,362, of which it takes every third). At night it makes some 100,000 in all.
MOST_COVERING = 1_150
MOST_EXAMPLES = int(os.environ.get("KWARTIER_FUZZ_EXAMPLES", "5000" if IS_NIGHTLY else "5"))

DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")

SERVICE = memory_service()
CLIENT = SERVICE.client(scope=Scope.ADMIN)
NOBODYS = RequestKey("nobody", "key", "")
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "auth": {
            "openapi": {
                "token": {"bearer": SERVICE.token(CLIENT, Scope.ADMIN, life_s=1e9)},
                "client": {"username": CLIENT.client_id, "password": CLIENT.client_secret},
            }
        },
        # A text with NUL is refused, which JSON Schema has no word for.
        "generation": {"allow-x00": False, "codec": "utf-8"},
        "phases": {"coverage": {"enabled": False}},  # `covering_cases` makes them
        # 400 and 412: what the description allows and is impossible all the same (a cursor, an ETag, a renamed site).
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", 400, 401, 404, 409, 412, 413, 429],
            }
        },
        # Whether a patch is right depends on the document that it is merged into.
        "operations": [
            {"include-method": "PATCH", "checks": {"positive_data_acceptance": {"enabled": False}}},
            # Whether prices fill market days, a site can be planned, and a wish has what belongs to it, is more than a
            # schema can say.
            {
                "include-path-regex": "^/v1/(prices|planning)|/(grid-limits|session-overrides)$",
                "checks": {"positive_data_acceptance": {"enabled": False}},
            },
        ],
    }
)
# Events go on for ever; tests/adapters/http/events listens to them.
OPERATIONS = [one for one in operations() if not one.is_endless]
# How many requests were sent to each operation.
tried: Counter[str] = Counter()


@cache
def description() -> BaseSchema:
    """The description of the service, and how its operations are called."""
    schema = schemathesis.openapi.from_dict(SERVICE.app.openapi(), config=CONFIG)
    schema.app = SERVICE.app
    schema.hook(filter_body)
    schema.hook(filter_query)
    return schema


def filter_body(_context: object, body: Any) -> bool:
    """Whole numbers beyond 64 bits, and years far away, are refused everywhere; JSON Schema has no word for that."""
    return fits(body)


def filter_query(_context: object, query: Any) -> bool:
    """The same of moments in a query."""
    return fits(dict(query or {}))


def fits(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(fits, value.values()))
    if isinstance(value, list):
        return all(map(fits, value))
    if isinstance(value, str) and DATE_TIME.match(value):
        return FIRST_YEAR < int(value[:4]) < LAST_YEAR and value[17:19] != "60"  # nor a leap second
    return not isinstance(value, int) or -(2**63) <= value < 2**64


@schemathesis.serializer("application/x-ndjson")
def lines_of_json(_context: object, value: Any) -> bytes:
    """One item on each line."""
    return "\n".join(map(json.dumps, value if isinstance(value, list) else [value])).encode()


def answered(case: schemathesis.Case[Any]) -> None:
    tried[case.operation.label] += 1
    begin()
    case.call_and_validate()


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_answer_is_one_of_those_described(
    operation: Operation, record_property: Callable[[str, object], None]
) -> None:
    load_all_checks()
    schema = description()
    described = schema[operation.path][operation.method]
    keep_example_site()
    # Every keyword of the schemas, kept and broken. As examples of Hypothesis they would take twice as long.
    for case in spread(list(covering_cases(schema, described))):
        tried[str(operation)] += 1
        begin()
        # Whether it asks for a token, which takes two more requests each, is asked with the random ones below.
        case.call_and_validate(excluded_checks=[ignored_auth])
    keep_example_site()
    # As `schema.parametrize()` does; that would make up the cases of all operations in every worker.
    build_operation_test(
        config=schema.config,
        operation=described,
        test_func=answered,
        given_kwargs={},
        explicit_settings=settings(max_examples=MOST_EXAMPLES, suppress_health_check=list(HealthCheck)),
        feedback=FeedbackSources(constants_value_source=make_constants_value_source(schema)),
    )()
    record_property("requests made up from the description", tried[str(operation)])


def spread(cases: list[schemathesis.Case[Any]]) -> list[schemathesis.Case[Any]]:
    """At night all of them; by day of an operation with more than `MOST_COVERING` so many, from all over."""
    step = 1 if IS_NIGHTLY else max(1, -(-len(cases) // MOST_COVERING))
    return cases[::step]


def begin() -> None:
    """Let no case be refused for what the ones before have sent: five failed logins, or the same Idempotency-Key."""
    SERVICE.clock.advance(61)
    now, keys = SERVICE.clock.now(), SERVICE.ports.idempotency
    keys.claim(NOBODYS, now, forgotten=now, given_up=now)
    keys.release(NOBODYS)


def keep_example_site() -> None:
    """The site that the examples name is there, so that not every answer is 404."""
    caller = Caller(CLIENT.client_id.partition(".")[0], CLIENT.client_id, Scope.ADMIN)
    document = SiteCreateDTO.model_validate(EXAMPLE_SITE)
    ports = SERVICE.ports
    create_site(caller, document, sites=ports.sites, clock=ports.clock, flags=ports.flags)


def covering_cases(
    schema: BaseSchema, operation: APIOperation[Any, Any, Any, Any]
) -> Iterator[schemathesis.Case[Any]]:
    """The cases of Schemathesis' coverage phase, as it makes them up."""
    generator = CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=schema.config.generation_for(operation=operation, phase="coverage"),
        auth_storage=None,
        override=Override(query={}, headers={}, cookies={}, path_parameters={}, body={}),
        feedback=NO_FEEDBACK,
        hooks=None,
    )
    return iter(generator)
