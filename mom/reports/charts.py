"""The charts of reports, as Vega-Lite specifications with the same told in words."""

from collections.abc import Sequence

from mom.blocks import ChartBlock
from mom.words import NOTHING

WIDTH, ROW = 420, 24
INK, BAR, FONT = "#1f2328", "#56789a", "Source Sans Pro, system-ui, sans-serif"
LONGEST_LABEL = 46


def bars(title: str, unit: str, rows: Sequence[tuple[str, float, str]], most: int = 8) -> ChartBlock:
    """Sorted horizontal bars from zero; `rows`: label, value, the value in words (written at its bar)."""
    import altair as alt  # 1 s

    top = sorted(rows, key=lambda row: -row[1])[:most]
    data = [{"label": _short(label), "value": value, "words": words} for label, value, words in top]
    reach = max((value for _, value, _ in top), default=1.0) * 1.3 or 1.0
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False)),
        x=alt.X(
            "value:Q",
            title=unit,
            scale=alt.Scale(domain=[0, reach], nice=False),
            axis=alt.Axis(grid=False, tickCount=5),
        ),
    )
    words = base.mark_text(align="left", dx=4, color=INK, fontSize=12).encode(text="words:N")
    chart = (
        alt.layer(base.mark_bar(color=BAR, height=14), words)
        .properties(width=WIDTH, height=ROW * max(len(top), 1))
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=11, labelColor=INK, titleColor=INK, titleFontWeight="normal")
    )
    text = "; ".join(f"{label} {words}" for label, _, words in top)
    return ChartBlock(title=title, spec=chart.to_dict(), text=text or NOTHING)


def svg(chart: ChartBlock) -> str:
    """The chart as a picture, in the report's own font."""
    import vl_convert

    from mom.reports.fonts import folder

    vl_convert.register_font_directory(str(folder()))
    return str(vl_convert.vegalite_to_svg(chart.spec))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
