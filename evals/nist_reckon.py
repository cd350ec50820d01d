"""What charts and factors (univariate, analysis of variance) and fits of the suite's own make of a reference set."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals import linear_fit
from evals.nist_model import Model
from evals.nist_set import Set
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
    response, *predictors = one.columns
    wanted = sum(name.startswith("B") for name in one.certified)
    if len(predictors) == 1:
        found = linear_fit.polynomial(predictors[0], response, wanted - one.constant, constant=one.constant)
    else:
        ones = [[1.0] * len(response)] if one.constant else []
        found = linear_fit.regress([*ones, *predictors], response)
    numbers = range(0 if one.constant else 1, wanted + (0 if one.constant else 1))
    told = {f"B{n}": found.coefficients[k] for k, n in enumerate(numbers)}
    told |= {f"sd B{n}": found.errors[k] for k, n in enumerate(numbers)}
    total = linear_fit.squares(response, about_mean=one.constant)
    return told | {"deviation": found.deviation, "R2": 1 - found.residual_squares / total}


def _nonlinear(one: Set) -> Reckoned:
    """From the nearer starting values; from the further ones where these do not lead to a minimum."""
    model = Model(one)
    with np.errstate(all="ignore"):  # a step too far overflows, and is taken back
        return _told(model, _best(model, one))


def _best(model: Model, one: Set) -> Values:
    fits = [fit for start in reversed(one.starts) if (fit := _fitted(model, start)) is not None]
    return min(fits, key=lambda fit: float(np.sum(model.residuals(fit) ** 2)))


def _told(model: Model, best: Values) -> Reckoned:
    residuals, jacobian = model.residuals(best), model.jacobian(best)
    deviation = float(np.sqrt(np.sum(residuals**2) / (len(residuals) - len(best))))
    scale = np.linalg.norm(jacobian, axis=0)
    inverse = np.linalg.inv(np.linalg.qr(jacobian / scale, mode="r"))
    errors = deviation * np.linalg.norm(inverse, axis=1) / scale
    told = {f"b{k + 1}": float(value) for k, value in enumerate(best)}
    return told | {f"sd b{k + 1}": float(e) for k, e in enumerate(errors)} | {"deviation": deviation}


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
        if np.max(np.abs(step / at)) >= length or not np.isfinite(step).all():
            return at
        length, at = float(np.max(np.abs(step / at))), at + step
    return at


_RECKON: dict[str, Callable[[Set], Reckoned]] = {
    "univariate": _univariate,
    "anova": _anova,
    "linear": _linear,
    "nonlinear": _nonlinear,
}
