"""The prompts, one Markdown file each, named for the agent that speaks it. `{{name}}` is a variable."""

import re
from pathlib import Path

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def load(name: str, **values: str) -> str:
    """The prompt, with its variables filled in. ValueError when one is not given, or given and not there."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    wanted = set(_VARIABLE.findall(text))
    if wanted != values.keys():
        raise ValueError(f"prompts/{name}.md takes {sorted(wanted)}, and was given {sorted(values)}.")
    return _VARIABLE.sub(lambda found: values[found.group(1)], text).strip()
