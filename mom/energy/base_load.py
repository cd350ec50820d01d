"""Energy against production: kWh an hour = base load + so much a good piece, with intervals, or why nothing is said."""

from dataclasses import dataclass

from mom.energy.meter import MeterFacts, by_hour

LEAST_HOURS = 72
LEAST_SPREAD = 0.15
"""Standard deviation of the pieces an hour against their mean: hours that are all alike tell no slope."""
LAGS = 6
"""Hours over which what is left of a fit is taken as related (Newey and West)."""


@dataclass(frozen=True, slots=True)
class BaseLoad:
    """Each value with its 95 % interval: `base` in kW, `piece` in kWh a good piece. `explained`: R squared."""

    base: float
    base_low: float
    base_high: float
    piece: float
    piece_low: float
    piece_high: float
    explained: float
    hours: int


def base_load_of(facts: MeterFacts) -> tuple[BaseLoad | None, str]:
    """(the fit, "") or (None, why it is withheld). Ordinary least squares by the hour, errors after Newey and West."""
    from statsmodels.api import OLS, add_constant

    _, used, _, good = by_hour(facts)
    if len(used) < LEAST_HOURS:
        return None, f"only {len(used)} whole hours were metered, {LEAST_HOURS} are needed"
    if good.mean() <= 0 or good.std() < LEAST_SPREAD * good.mean():
        return None, "the hours are too much alike: what depends on pieces cannot be told from what does not"
    fit = OLS(used, add_constant(good)).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS})
    (base, piece), ((base_low, base_high), (piece_low, piece_high)) = fit.params, fit.conf_int(0.05)
    return BaseLoad(
        float(base), float(base_low), float(base_high), float(piece), float(piece_low), float(piece_high),
        float(fit.rsquared), len(used),
    ), ""  # fmt: skip
