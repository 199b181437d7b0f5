"""What was expected of a node or an edge, minute by minute."""

from __future__ import annotations

from raylens.api.context import Services
from raylens.api.insights.requests import BandsRequest
from raylens.api.insights.shapes import BandsAnswer
from raylens.errors import NotFound


async def show_bands(services: Services, request: BandsRequest) -> BandsAnswer:
    """One signal of a node or an edge, and the range in which it was expected from what had been seen before.

    Raises: InvalidRequest for a set that cannot be chosen or has a filter, a range that is too long, and where not
    exactly one of node and edge is given.
    """
    raise NotFound("nothing has been learnt yet")
