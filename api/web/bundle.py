"""The chart library for the browser, written once into the home: it takes seconds to make, so no page waits for it."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path


def write_bundle(home: Path) -> Path:
    """`home/web/vega.js`, a module that sets `window.vegaEmbed`; made again only when the library's version changed."""
    folder = home / "web"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "vega.js"
    stamp = folder / "vega.stamp"
    wanted = sha256(version("vl-convert-python").encode()).hexdigest()
    if path.exists() and stamp.exists() and stamp.read_text() == wanted:
        return path
    import vl_convert

    draft = path.with_suffix(".new")
    draft.write_text(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), encoding="utf-8")
    draft.rename(path)
    stamp.write_text(wanted)
    return path
