"""What the program's own functions and libraries make of a reference set.

Univariate and variance: the functions of charts and factors. Linear: statsmodels' OLS, as the program calls it. Nonlinear:
scipy's least squares.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.nist.design import plain, told_apart
from evals.nist.model import Model
from evals.nist.reference_set import Set
from mom.errors import BadInput
from mom.quality import spread
from mom.quality.factors import one_way

Values = NDArray[np.float64]
Reckoned = dict[str, float]


def reckon(one: Set) -> Reckoned:
    """Name -> value, in double precision, from the data alone."""
    return _RECKON[one.family](one)


def _univariate(one: Set) -> Reckoned:
    values = one.columns[0]
    found = {"mean": spread.mean(values), "deviation": spread.deviation(values)}
    return found | {"autocorrelation": spread.autocorrelation(values)}


def _anova(one: Set) -> Reckoned:
    found = one_way(groups_of(one))
    return {"F": found.f, "deviation": found.within}


def groups_of(one: Set) -> list[list[float]]:
    """Responses by treatment, in the order of the file."""
    groups: dict[str, list[float]] = {}
    for treatment, response in one.rows:
        groups.setdefault(treatment, []).append(float(response))
    return list(groups.values())


def _linear(one: Set) -> Reckoned:
    return _ordinary(one, *told_apart(one), again=True)


def reckon_plainly(one: Set) -> Reckoned:
    """A linear set by the same fit, but given the columns as they stand: powers of x are hard to tell apart then."""
    columns = plain(one)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that they cannot be told apart shows in the digits
        return _ordinary(one, columns, np.eye(columns.shape[1]))


def _ordinary(one: Set, columns: Values, back: Values, *, again: bool = False) -> Reckoned:
    """Raises BadInput for fewer rows than are needed. `back`: turns the coefficients into those that are certified;
    `again`: what is left is fitted once more, which takes back most of the rounding of large coefficients."""
    from statsmodels.api import OLS

    if len(one.rows) <= columns.shape[1]:
        raise BadInput(f"{len(one.rows)} rows do not determine {columns.shape[1]} coefficients and an error.")
    response = np.array(one.columns[0])
    fit: Any = OLS(response, columns, hasconst=one.constant).fit()
    found = fit.params + OLS(response - columns @ fit.params, columns).fit().params if again else fit.params
    errors = np.sqrt(np.diag(back @ np.asarray(fit.cov_params()) @ back.T))
    told = dict(zip(one.parameters, (back @ found).tolist(), strict=True))
    told |= {f"sd {name}": float(error) for name, error in zip(one.parameters, errors, strict=True)}
    return told | {"deviation": float(np.sqrt(fit.mse_resid)), "R2": float(fit.rsquared)}


def _nonlinear(one: Set) -> Reckoned:
    """From all starting values of the file; the lowest minimum counts. Raises BadInput where there is none."""
    if len(one.rows) <= len(one.parameters):
        raise BadInput(f"{len(one.rows)} rows do not determine {len(one.parameters)} parameters and an error.")
    with np.errstate(all="ignore"):  # a step too far overflows, and is taken back
        model = Model(one)
        return _told(model, _best(model, one), one)


def _best(model: Model, one: Set) -> Values:
    fits = [fit for start in reversed(one.starts) if (fit := _fitted(model, start)) is not None]
    sums = [(float(np.sum(model.residuals(fit) ** 2)), number) for number, fit in enumerate(fits)]
    reached = [pair for pair in sums if np.isfinite(pair[0])]
    if not reached:
        raise BadInput("no minimum was reached from its starting values.")
    return fits[min(reached)[1]]


def _told(model: Model, best: Values, one: Set) -> Reckoned:
    """Raises BadInput where a parameter changes nothing at the minimum: it is not determined."""
    residuals, jacobian = model.residuals(best), model.jacobian(best)
    deviation = float(np.sqrt(np.sum(residuals**2) / (len(residuals) - len(best))))
    scale = np.linalg.norm(jacobian, axis=0)
    try:
        inverse = np.linalg.inv(np.linalg.qr(jacobian / scale, mode="r"))
    except np.linalg.LinAlgError as error:
        raise BadInput("its parameters cannot be told apart at the minimum.") from error
    errors = deviation * np.linalg.norm(inverse, axis=1) / scale
    told = dict(zip(one.parameters, best.tolist(), strict=True))
    told |= {f"sd {name}": float(error) for name, error in zip(one.parameters, errors, strict=True)}
    return told | {"deviation": deviation}


def _fitted(model: Model, start: Sequence[float]) -> Values | None:
    """scipy's Levenberg-Marquardt, then a few full Gauss-Newton steps while they get shorter."""
    from scipy.optimize import least_squares

    try:
        found: Any = least_squares(
            model.residuals, start, model.jacobian, method="lm", x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15,
            max_nfev=20_000,
        )  # fmt: skip
    except (ValueError, np.linalg.LinAlgError):  # it ran into a pole of the model
        return None
    return _polished(model, found.x)


def _polished(model: Model, at: Values) -> Values:
    length = np.inf
    for _ in range(30):
        jacobian = model.jacobian(at)
        scale = np.linalg.norm(jacobian, axis=0)
        if not np.isfinite(jacobian).all() or not scale.all():
            return at
        step = np.linalg.lstsq(jacobian / scale, -model.residuals(at), rcond=None)[0] / scale
        size = float(np.max(np.abs(step / np.where(at == 0, 1.0, at))))
        if not size < length:
            return at
        length, at = size, at + step
    return at


_RECKON: dict[str, Callable[[Set], Reckoned]] = {
    "univariate": _univariate,
    "anova": _anova,
    "linear": _linear,
    "nonlinear": _nonlinear,
}
