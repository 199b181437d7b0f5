"""Root causes as one line of text, to group by."""

from __future__ import annotations

from raylens.model.trace import RootCause, RootCauseService


def cause_label(cause: RootCause) -> str:
    """The services from the entry to the culprit, in each the steps after the first, with the types of exceptions.

    `web: names.test [ProbeError] > names.test (remote)`. Messages are left out: they differ from request to request.
    Source: X-Ray developer guide, analytics console (root cause path).
    """
    return " > ".join(_service_label(service) for service in cause.services)


def _service_label(service: RootCauseService) -> str:
    steps = [entity.name for entity in service.path[1:]]
    thrown = list(dict.fromkeys(e.name for entity in service.path for e in entity.exceptions if e.name))
    text = f"{service.id.label}: {' / '.join(steps)}" if steps else service.id.label
    return f"{text} [{', '.join(thrown)}]" if thrown else text
