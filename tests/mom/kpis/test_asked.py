"""What is named in a question about KPIs: found as people say it, or asked back once each."""

from typing import Any

import pytest

from mom.errors import NotFound
from mom.kpis.asked import scope_named
from mom.store.plants import layout_of


async def test_a_product_is_found_by_its_name_and_one_that_is_near_is_asked_for_once(make_works: Any) -> None:
    products = [
        {"id": "OJ-075", "name": "Orange juice 0.75 l", "aliases": ["orange juices"]},
        {"id": "AJ-075", "name": "Apple juice 0.75 l"},
    ]
    works = await make_works([("products", products)])
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        for said in ("oj-075", "ORANGE JUICES", "orange juice 0.75 L "):
            assert (await scope_named(session, layout, product=said)).product == "OJ-075"
        with pytest.raises(NotFound) as raised:
            await scope_named(session, layout, product="orange juice")
    assert "Did you mean OJ-075 or AJ-075?" in str(raised.value)
