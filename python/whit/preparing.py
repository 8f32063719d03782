# SPDX-License-Identifier: Apache-2.0
"""Fitted steps that prepare features, as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .networks import ROOM

NEAREST_TO_ZERO = 2.0 ** -24  # of the largest: roots of 0 have no line
FARTHEST = 1e30  # stands for infinity


def scale(factors, offsets):
    return {"kind": "scale", "factors": numpy.asarray(factors, dtype=float).tolist(), "offsets": numpy.asarray(offsets, dtype=float).tolist()}


def divided(scaler, centre):
    """(x - centre) / scale, where either may be absent."""
    count = scaler.n_features_in_
    factors = numpy.ones(count) if scaler.scale_ is None else 1 / scaler.scale_
    return scale(factors, numpy.zeros(count) if centre is None else -centre * factors)


def standard(scaler):
    return divided(scaler, scaler.mean_ if scaler.with_mean else None)


def robust(scaler):
    return divided(scaler, scaler.center_)


def largest(scaler):
    """Limits, which scikit-learn 1.8 brought, are two knots of a line."""
    if getattr(scaler, "clip", False):
        return mapped([(index, [-end, end], [-1, 1]) for index, end in enumerate(scaler.scale_)], lines=True)
    return divided(scaler, None)


def mapped(outputs, lines=False):
    """Outputs are (feature, places, values)."""
    return {"kind": "map", "lines": lines, "outputs": [
        {"feature": int(feature), "places": numpy.asarray(places, dtype=float).tolist(), "values": numpy.asarray(values, dtype=float).tolist()}
        for feature, places, values in outputs]}


def range_of(scaler):
    """Limits are two knots of a line."""
    if not scaler.clip:
        return scale(scaler.scale_, scaler.min_)
    low, high = scaler.feature_range
    ends = zip(scaler.data_min_, scaler.data_min_ + (high - low) / scaler.scale_)
    return mapped([(index, [least, most], [low, high]) for index, (least, most) in enumerate(ends)], lines=True)


def binary(scaler):
    """1 above the limit."""
    limit = float(scaler.threshold)
    return mapped([(index, [limit - 1, numpy.nextafter(limit, numpy.inf)], [0, 1]) for index in range(scaler.n_features_in_)])


def quantiles(scaler):
    if scaler.output_distribution != "uniform":
        raise ValueError(f"the distribution {scaler.output_distribution}; known is uniform")
    return mapped([(index, *line_of(column, scaler.references_)) for index, column in enumerate(scaler.quantiles_.T)], lines=True)


def line_of(places, values):
    """Rising knots; where many lie at one place the curve jumps there, and has the middle of the jump at it, or the end of
    the curve."""
    knots, lowest, highest = [], places[0], places[-1]
    for place in numpy.unique(places):
        there = values[places == place]
        middle = there[0] if place == lowest else there[-1] if place == highest else (there[0] + there[-1]) / 2
        low, high = (float(numpy.nextafter(numpy.float32(place), numpy.float32(side))) for side in (-numpy.inf, numpy.inf))
        before = [(low, there[0])] if len(there) > 1 and place != lowest else []
        behind = [(high, there[-1])] if len(there) > 1 and place != highest else []
        knots += [*before, (place, middle), *behind]
    return zip(*knots)


def bins(scaler):
    all_edges = [numpy.nan_to_num(edges, neginf=-FARTHEST, posinf=FARTHEST) for edges in scaler.bin_edges_]
    if scaler.encode == "ordinal":
        return mapped([(index, edges[:-1], numpy.arange(len(edges) - 1)) for index, edges in enumerate(all_edges)])
    return mapped([(index, edges[:-1], numpy.arange(len(edges) - 1) == one) for index, edges in enumerate(all_edges) for one in range(len(edges) - 1)])


def alone(values, reach):
    """Places from which on a category holds, or none (-1): each has `reach` on both sides, but not beyond half way to the next; a reach of 0
    is for float32 values that are exactly the category."""
    middles = (values[1:] + values[:-1]) / 2
    starts, ends = numpy.append(-numpy.inf, middles), numpy.append(middles, numpy.inf)
    if reach:
        starts, ends = numpy.maximum(values - reach, starts), numpy.minimum(values + reach, ends)
    else:
        starts = values.astype(numpy.float32)
        ends = numpy.nextafter(starts, numpy.float32(numpy.inf))
    places, numbers = [-FARTHEST], [-1]
    for number, (start, end) in enumerate(zip(starts, ends)):
        if start == places[-1]:  # no gap
            places.pop(), numbers.pop()
        places += [start, end]
        numbers += [number, -1]
    return numpy.asarray(places, dtype=float), numpy.asarray(numbers)


def reaches_of(encoder, samples):
    """By how much integers that hold the samples may miss a category: where all are whole by less than a half, else by a step of 8 bits."""
    if samples is None:
        return numpy.zeros(encoder.n_features_in_)
    whole = (samples == numpy.round(samples)).all()
    return numpy.where(whole, 0.5, numpy.maximum(numpy.abs(samples).max(axis=0), 1e-30) / 127)


def categories_of(encoder, samples):
    """For each feature the places where the range of a category begins, and which; of unknown values the nearest, or where the encoder takes
    these apart, none: -1."""
    if getattr(encoder, "infrequent_categories_", None) and any(rare is not None for rare in encoder.infrequent_categories_):
        raise ValueError("infrequent categories")
    for categories, reach in zip(encoder.categories_, reaches_of(encoder, samples)):
        if categories.dtype.kind not in "iufb" or not numpy.isfinite(categories.astype(float)).all():
            raise ValueError("categories that are no numbers")
        values = categories.astype(float)
        if encoder.handle_unknown == "error":
            yield numpy.concatenate([values[:1] - 1, (values[1:] + values[:-1]) / 2]), numpy.arange(len(values))
        else:
            yield alone(values, reach)


def one_hot(encoder, samples=None):
    dropped = encoder.drop_idx_ if encoder.drop_idx_ is not None else [None] * encoder.n_features_in_
    return mapped([(index, places, numbers == one) for index, (places, numbers) in enumerate(categories_of(encoder, samples))
                   for one in range(numbers.max() + 1) if one != dropped[index]])


def ordinal(encoder, samples=None):
    unknown = encoder.unknown_value if encoder.handle_unknown == "use_encoded_value" else -1
    if numpy.isnan(unknown):
        raise ValueError("unknown_value=nan; known are numbers")
    return mapped([(index, places, numpy.where(numbers < 0, unknown, numbers)) for index, (places, numbers) in enumerate(categories_of(encoder, samples))])


def select(columns):
    return {"kind": "select", "features": [int(column) for column in columns]}


def selected(selector):
    return select(numpy.flatnonzero(selector.get_support()))


def projected(matrix, bias, samples):
    """With samples the integers are as fine as these allow."""
    step = {"kind": "project", "weights": matrix.tolist(), "bias": bias.tolist()}
    if samples is not None:
        step["largest"] = ROOM * float(numpy.abs(samples @ matrix.T + bias).max())
    return step


def components(scaler, samples=None):
    matrix = scaler.components_
    if scaler.whiten:
        deviation = numpy.sqrt(scaler.explained_variance_)
        matrix = matrix / numpy.maximum(deviation, numpy.finfo(deviation.dtype).eps)[:, None]  # as scikit-learn bounds what is almost constant
    return projected(matrix, -matrix @ scaler.mean_, samples)


def discriminants(analysis, samples=None):
    """What LinearDiscriminantAnalysis hands on to the next step."""
    if analysis.solver == "lsqr":
        raise ValueError("solver='lsqr', which has no directions to hand on; known are svd, eigen")
    matrix = analysis.scalings_[:, :analysis._max_components].T
    return projected(matrix, -matrix @ analysis.xbar_ if analysis.solver == "svd" else numpy.zeros(len(matrix)), samples)


def normalised(scaler):
    return {"kind": "normalize", "norm": scaler.norm}


def products(transformer):
    return {"kind": "products", "terms": [numpy.repeat(numpy.arange(len(powers)), powers).tolist() for powers in transformer.powers_]}


def imputed(imputer):
    """Features that had no value at all are left out, as scikit-learn does."""
    values = numpy.asarray(imputer.statistics_)
    if imputer.missing_values is not None and not isinstance(imputer.missing_values, (int, float, numpy.number)):
        raise ValueError(f"missing_values={imputer.missing_values!r}; known are numbers and NaN")
    if imputer.add_indicator:
        raise ValueError("add_indicator=True")
    try:
        values = values.astype(float)  # of fill_value=-3.5 they are objects
    except (TypeError, ValueError) as error:
        raise ValueError("values that are no numbers") from error
    known = ~numpy.isnan(values)
    missing = imputer.missing_values
    missing = None if missing is None or numpy.isnan(missing) else float(missing)
    step = {"kind": "impute", "missing": missing, "values": numpy.where(known, values, 0).tolist()}
    return [step] if known.all() or imputer.keep_empty_features else [step, select(numpy.flatnonzero(known))]


def power_of(method, values, exponents):
    """The powers of scikit-learn's PowerTransformer before they are standardised."""
    def box_cox(base, exponent):
        zero = exponent == 0
        return numpy.where(zero, numpy.log(base), numpy.expm1(exponent * numpy.log(base)) / numpy.where(zero, 1, exponent))

    if method == "box-cox":
        return box_cox(values, exponents)
    return numpy.where(values < 0, -box_cox(1 - numpy.minimum(values, 0), 2 - exponents), box_cox(1 + numpy.maximum(values, 0), exponents))


def room_of(method, exponents, end, room, reach):
    """Less of it (its sign is the side) where the power rises so steeply that integers for all of it were coarse within the samples."""
    with numpy.errstate(over="ignore"):
        for _ in range(20):
            steep = numpy.abs(power_of(method, end + room, exponents) - power_of(method, end, exponents)) > reach
            room = numpy.where(steep, room / 2, room)
    return room


def power(method, exponents, samples):
    """With samples the range of each feature that integers are to hold: an eighth more on both sides, or what the power's range takes."""
    step = {"kind": "power", "method": method, "exponents": exponents.tolist()}
    if samples is None:
        return step
    least, most = samples.min(axis=0), samples.max(axis=0)
    room = numpy.where(most > least, (most - least) / 8, 1)
    below = room if method == "yeo-johnson" else numpy.minimum(room, least / 2)
    reach = power_of(method, most, exponents) - power_of(method, least, exponents)
    reach = numpy.where(reach > 0, reach, 1)
    least = least + room_of(method, exponents, least, -below, reach)
    step["least"] = (least if method == "yeo-johnson" else numpy.maximum(least, NEAREST_TO_ZERO * most)).tolist()
    step["most"] = (most + room_of(method, exponents, most, room, reach)).tolist()
    return step


def powers(transformer, samples=None):
    step = power(transformer.method, transformer.lambdas_, samples)
    if not transformer.standardize:
        return step
    scaler = transformer._scaler
    return [step, divided(scaler, scaler.mean_)]


def function(transformer, samples=None):
    """FunctionTransformer: roots and logarithms are powers of something added to the features."""
    if transformer.func is None:
        return []
    if transformer.kw_args:
        raise ValueError(f"kw_args={transformer.kw_args!r}; known are none")
    if transformer.func not in FUNCTIONS:
        name = getattr(transformer.func, "__name__", repr(transformer.func))
        raise ValueError(f"the function {name}; known are None, {', '.join(f'numpy.{one.__name__}' for one in FUNCTIONS)}")
    added, exponent, factor, offset = FUNCTIONS[transformer.func]
    least = None if samples is None else (samples + added).min()
    if least is not None and (least < 0 or least == 0 and exponent == 0):
        raise ValueError(f"numpy.{transformer.func.__name__} of samples down to {samples.min():.3g}, which is no number that integers hold: "
                         "take input_type='float32', or give samples of which it is one")
    count = transformer.n_features_in_
    before = [scale(numpy.ones(count), numpy.full(count, added))] if added else []
    behind = [scale(numpy.full(count, factor), numpy.full(count, offset))] if (factor, offset) != (1, 0) else []
    return [*before, power("box-cox", numpy.full(count, exponent), None if samples is None else samples + added), *behind]


# What is added to the features, the exponent of Box and Cox, and what its power is multiplied by and added to.
FUNCTIONS = {numpy.log: (0, 0.0, 1, 0), numpy.log1p: (1, 0.0, 1, 0), numpy.log2: (0, 0.0, 1 / numpy.log(2), 0), numpy.log10: (0, 0.0, 1 / numpy.log(10), 0), numpy.sqrt: (0, 0.5, 0.5, 1)}
WITH_SAMPLES = {"PowerTransformer": powers, "FunctionTransformer": function, "PCA": components, "OneHotEncoder": one_hot, "OrdinalEncoder": ordinal}
SELECTORS = ("VarianceThreshold", "SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe", "GenericUnivariateSelect", "SelectFromModel",
             "RFE", "RFECV", "SequentialFeatureSelector")
EXPORTERS = {"StandardScaler": standard, "MinMaxScaler": range_of, "MaxAbsScaler": largest, "RobustScaler": robust,
             "Binarizer": binary, "QuantileTransformer": quantiles, "KBinsDiscretizer": bins,
             "Normalizer": normalised, "PolynomialFeatures": products, "SimpleImputer": imputed, **WITH_SAMPLES,
             **{name: selected for name in SELECTORS}}
BEFORE = {**EXPORTERS, "LinearDiscriminantAnalysis": discriminants}  # also what gives labels where it stands last
