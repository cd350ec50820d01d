"""An address for letters is checked where it is given: in the plant file, and by who adds an endpoint."""

import pytest

from mom.address import checked_address
from mom.plant.schema import System

NONE = [
    "http://host:abc/", "http://host:99999/", "http://host:0/", "http://a..b/", f"http://{'a' * 64}.example/", "http:///x",
    "http://[::1/", "ftp://host/", "http://user:pw@host/", "http://ho st/", "host/x", "http://ho\x00st/", "",
]  # fmt: skip


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_address_is_refused_in_a_plant_file_too(url):
    with pytest.raises(ValueError, match="expected http"):
        checked_address(url)
    with pytest.raises(ValueError, match="expected http"):
        System(id="erp", kind="erp", url=url)


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("https://hooks.example.com:8443/a%20b?x=1&y=ä", "https://hooks.example.com:8443/a%20b?x=1&y=%C3%A4"),
        ("http://bücher.example/grün", "http://xn--bcher-kva.example/gr%C3%BCn"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
    ],
)
def test_an_address_is_kept_in_the_form_that_goes_on_the_wire(url, wire):
    assert checked_address(url) == wire
    assert checked_address(wire) == wire
