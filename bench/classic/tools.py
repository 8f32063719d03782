# SPDX-License-Identifier: Apache-2.0
"""What each tool makes of a fitted estimator: sources that define bench_predict, and where features and label lie.

A form is (tool, format, function). The function writes its sources into a folder and returns them with the addresses and
types of one sample's features and of the label; it raises Unsupported where the tool cannot do the estimator.
"""

import contextlib
import copy
import io
import pathlib
import re
import shutil

import numpy

import whit
from chip import DoesNotFit


class Unsupported(Exception):
    pass


WRAPPER = """
#include <stdint.h>
#ifdef __cplusplus
extern "C" {{
#endif
{type} bench_input[{features}];
int32_t bench_label;
__attribute__((noinline)) void bench_predict(void) {{ {body} }}
#ifdef __cplusplus
}}
#endif
"""


def quietly(function, *arguments, **keywords):
    """Calls a generator that prints; whatever it raises means that it cannot do this."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return function(*arguments, **keywords)
        except Exception as error:  # peers raise all sorts
            raise Unsupported(f"{type(error).__name__}: {error}") from error


def wrapped(folder, suffix, text, c_type, numpy_type, features, body):
    source = folder / f"model.{suffix}"
    source.write_text(text + WRAPPER.format(type=c_type, features=features, body=body), encoding="utf-8")
    return [source], ("bench_input", numpy_type, "bench_label", "int32")


def emlearn_form(method, dtype):
    def make(estimator, chip, folder):
        with numpy.errstate():  # which it makes raise on underflow
            import emlearn

        if hasattr(estimator, "coefs_") and (method, dtype) != ("inline", "float"):
            raise Unsupported("its networks compute in float")
        converted = quietly(emlearn.convert, estimator, method=method, dtype=dtype)
        header = folder / "emlearn_model.h"
        quietly(converted.save, file=str(header), name="model")
        for own in pathlib.Path(emlearn.includedir).glob("*.h"):
            shutil.copy(own, folder)
        text = header.read_text(encoding="utf-8")
        # Nothing else of the header is called; static lets the compiler leave it out.
        text = re.sub(r"^(int32_t|int) (model_predict)", r"static \1 \2", text, flags=re.M)
        text = re.sub(r"^EmlTrees model", "static EmlTrees model", text, flags=re.M)
        features = estimator.n_features_in_
        return wrapped(folder, "c", text, "int16_t" if dtype == "int16_t" else "float",
                       "int16" if dtype == "int16_t" else "float32", features,
                       f"bench_label = model_predict(bench_input, {features});")

    return make


def m2cgen_form(estimator, chip, folder):
    import m2cgen

    text = quietly(m2cgen.export_to_c, estimator)
    classes = len(estimator.classes_)
    if re.search(r"^double score", text, flags=re.M):
        body = "bench_label = score(bench_input) > 0;"
    elif type(estimator).__name__ == "SVC":  # its scores are those of the pairs of classes: each is a vote for the first or the second
        body = (f"double scores[{classes * (classes - 1) // 2}]; int votes[{classes}] = {{0}}; score(bench_input, scores); int pair = 0, best = 0; "
                f"for (int i = 0; i < {classes}; ++i) for (int j = i + 1; j < {classes}; ++j) ++votes[scores[pair++] > 0 ? i : j]; "
                f"for (int i = 1; i < {classes}; ++i) if (votes[i] > votes[best]) best = i; bench_label = best;")
    else:
        body = (f"double scores[{classes}]; score(bench_input, scores); int best = 0; "
                f"for (int i = 1; i < {classes}; ++i) if (scores[i] > scores[best]) best = i; bench_label = best;")
    return wrapped(folder, "c", text, "double", "float32" if chip.avr else "float64", estimator.n_features_in_, body)


def micromlgen_form(estimator, chip, folder):
    import micromlgen

    if hasattr(estimator, "_gamma"):  # it wants a number where scikit-learn also takes a word
        estimator = copy.copy(estimator)
        estimator.gamma = float(estimator._gamma)
    text = quietly(micromlgen.port, estimator)
    if not text:
        raise Unsupported("no code")
    text = text.replace("#include <cstdarg>", "#include <stdarg.h>\n#include <stdint.h>\n#include <math.h>\n#include <string.h>").replace("#pragma once", "")
    name = re.search(r"class (\w+) \{", text).group(1)
    # Of two classes, its linear code counts the vote for the second one as the first one's.
    is_inverted = name == "LogisticRegression" and len(estimator.classes_) == 2
    return wrapped(folder, "cpp", text, "float", "float32", estimator.n_features_in_,
                   f"static Eloquent::ML::Port::{name} model; bench_label = {'!' if is_inverted else ''}model.predict(bench_input);")


# Its classes time themselves by an Arduino function; here that costs nothing.
ARDUINO = "#include <stddef.h>\n#include <stdint.h>\nstatic inline unsigned long micros() { return 0; }\n"


def everywhereml_form(estimator, chip, folder):
    from everywhereml.data.Dataset import Dataset
    from everywhereml.sklearn import ensemble, tree

    name = type(estimator).__name__
    own = getattr(ensemble, name, None) or getattr(tree, name, None)
    if own is None:
        raise Unsupported("no such class")
    model = quietly(own, **estimator.get_params())  # a subclass of scikit-learn's: takes over what is fitted
    model.__dict__.update(estimator.__dict__)
    samples = numpy.zeros((len(estimator.classes_), estimator.n_features_in_))
    model.dataset = quietly(Dataset.from_XY, samples, estimator.classes_)
    text = ARDUINO + quietly(model.to_cpp)
    return wrapped(folder, "cpp", text, "float", "float32", estimator.n_features_in_,
                   f"static {name} model; bench_label = model.predict(bench_input);")


def applies(estimator, options):
    """Whether the options say anything about this kind of estimator."""
    weighted = any(hasattr(estimator, name) for name in ("coef_", "coefs_", "dual_coef_"))
    return not (weighted and "leaf_levels" in options) and (weighted or "weight_bits" not in options)


TOO_LARGE = 3  # exit code of `whit`


def written(model, folder):
    """The firmware of a model that whit has compiled."""
    try:
        model.write(folder)
    except whit.WhitError as error:
        raise DoesNotFit if error.code == TOO_LARGE else error
    text = (folder / "model.cpp").read_text(encoding="utf-8")
    source = folder / "adapter.cpp"
    source.write_text('#include "model.h"\nextern "C" {\nmodel_model bench_model;\n'
                      "__attribute__((noinline)) void bench_predict(void) { model_run(&bench_model); }\n}\n", encoding="utf-8")
    def port(name):
        found = re.search(rf"(\w+?)(?:_t)? \*model_{name}\(.*model->arena\) \+ (\d+)", text)
        return f"bench_model+{found.group(2)}", found.group(1).replace("float", "float32")
    (at, type_in), (label_at, type_out) = port("input"), port("output")
    return [folder / "model.cpp", source], (at, type_in, label_at, type_out)


def whit_form(optimize, **options):
    def make(estimator, chip, folder):
        if not applies(estimator, options):
            raise Unsupported("the form has no meaning for this estimator")
        try:
            model = whit.compile(estimator, target=chip.name, optimize=optimize, samples=make.samples, **options)
        except whit.UnsupportedEstimator as error:
            raise Unsupported(str(error)) from error
        return written(model, folder)

    return make


ROOM = 30000 / 32768  # of a small chip's flash, for the whole image
START_UP = 256  # bytes of it that vectors, start-up code and main take, rounded up


def whit_pruned(estimator, chip, folder):
    """Forests too large for the chip, pruned until they leave it some room; held-out training samples agree."""
    if not hasattr(estimator, "estimators_") or chip.memory("flash")["size"] > 65536:
        raise Unsupported("only forests on small chips")
    room = ROOM * chip.memory("flash")["size"] - START_UP
    try:
        found = whit.prune_to_fit(estimator, whit_pruned.samples, whit_pruned.labels, chip.name, room)
    except whit.WhitError as error:
        raise Unsupported(str(error)) from error
    if found.fraction == 0:
        raise Unsupported("fits as it is")
    return written(found.model, folder)


PEERS = {
    ("emlearn", "inline int16"): emlearn_form("inline", "int16_t"),
    ("emlearn", "loadable int16"): emlearn_form("loadable", "int16_t"),
    ("emlearn", "inline float"): emlearn_form("inline", "float"),
    ("m2cgen", "c"): m2cgen_form,
    ("micromlgen", "c++"): micromlgen_form,
    ("everywhereml", "c++"): everywhereml_form,
}
OURS = {
    ("whit", "size"): whit_form("size"),
    ("whit", "size, 15 levels"): whit_form("size", leaf_levels=15),
    ("whit", "size, 8 bits"): whit_form("size", weight_bits=8),
    ("whit", "speed"): whit_form("speed"),
    ("whit", "size, pruned to fit"): whit_pruned,
}


def set_samples(samples, labels):
    """What whit may look at, to choose how features are stored and how much to prune: the training samples."""
    for form in OURS.values():
        form.samples, form.labels = numpy.asarray(samples), labels
