# SPDX-License-Identifier: Apache-2.0
"""Random models exported to ONNX, and single nodes, against onnxruntime.

    onnx_models.py WHIT [--models 3] [--samples 200] [--only PATTERN]

Labels are the same away from ties, numbers within 1e-5 of the largest. Exit code 77 without onnx, onnxruntime, skl2onnx and scikit-learn;
XGBoost's and LightGBM's models are left out without onnxmltools.
"""

import argparse
import fnmatch
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy
    import onnxruntime
    from onnx import TensorProto, helper
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn import compose, datasets, decomposition, ensemble, impute, linear_model, neural_network, pipeline, preprocessing, svm, tree
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

warnings.simplefilter("ignore")
TIE = 1e-5


def classifiers():
    yield "DecisionTreeClassifier", tree.DecisionTreeClassifier
    yield "RandomForestClassifier", lambda: ensemble.RandomForestClassifier(10)
    yield "ExtraTreesClassifier", lambda: ensemble.ExtraTreesClassifier(10)
    yield "GradientBoostingClassifier", lambda: ensemble.GradientBoostingClassifier(n_estimators=8)
    yield "HistGradientBoostingClassifier", lambda: ensemble.HistGradientBoostingClassifier(max_iter=8)
    yield "LogisticRegression", linear_model.LogisticRegression
    yield "scaler, LogisticRegression", lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression())
    yield "min-max, RandomForestClassifier", lambda: pipeline.make_pipeline(preprocessing.MinMaxScaler(), ensemble.RandomForestClassifier(10))
    yield "L1, LogisticRegression", lambda: pipeline.make_pipeline(preprocessing.Normalizer("l1"), linear_model.LogisticRegression())
    yield "L2, DecisionTreeClassifier", lambda: pipeline.make_pipeline(preprocessing.Normalizer("l2"), tree.DecisionTreeClassifier())
    columns = lambda: compose.make_column_transformer((preprocessing.StandardScaler(), [0, 2]), (preprocessing.MinMaxScaler(), [1, 3]))
    yield "columns, LogisticRegression", lambda: pipeline.make_pipeline(columns(), linear_model.LogisticRegression())
    yield "scaler, PCA, LogisticRegression", lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3), linear_model.LogisticRegression())
    yield "MLPClassifier", lambda: neural_network.MLPClassifier((12, 6), max_iter=300)
    yield "SVC Classifier rbf", svm.SVC
    yield "SVC Classifier linear", lambda: svm.SVC(kernel="linear")
    yield "SVC Classifier poly", lambda: svm.SVC(kernel="poly", coef0=1.0)
    yield "scaler, SVC Classifier, probability", lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC(probability=True))
    yield "imputer, LogisticRegression", lambda: pipeline.make_pipeline(impute.SimpleImputer(), linear_model.LogisticRegression())


def regressors():
    yield "DecisionTreeRegressor", tree.DecisionTreeRegressor
    yield "RandomForestRegressor", lambda: ensemble.RandomForestRegressor(10)
    yield "GradientBoostingRegressor", lambda: ensemble.GradientBoostingRegressor(n_estimators=8)
    yield "LinearRegression", linear_model.LinearRegression
    yield "SVR rbf", lambda: svm.SVR(C=100.0)
    yield "SVR linear", lambda: svm.SVR(kernel="linear")
    yield "OneClassSVM", svm.OneClassSVM
    yield "MLPRegressor", lambda: neural_network.MLPRegressor(hidden_layer_sizes=(12,), activation="tanh", max_iter=300)
    yield "scaler, Ridge", lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge())
    yield "imputer, scaler, tree", lambda: pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler(), tree.DecisionTreeRegressor())


def boosted():
    """Makers of the models that onnxmltools exports, and how."""
    try:
        import lightgbm
        import xgboost
        from onnxmltools import convert_lightgbm, convert_xgboost
        from onnxmltools.convert.common.data_types import FloatTensorType as Features
    except ImportError as error:
        print(f"left out: {error}")
        return
    for name, maker, convert in (("XGBClassifier", xgboost.XGBClassifier, convert_xgboost), ("XGBRegressor", xgboost.XGBRegressor, convert_xgboost),
                                 ("LGBMClassifier", lightgbm.LGBMClassifier, convert_lightgbm), ("LGBMRegressor", lightgbm.LGBMRegressor, convert_lightgbm)):
        quiet = {"verbose": -1} if "LGBM" in name else {}
        yield (name, lambda maker=maker, quiet=quiet: maker(n_estimators=8, n_jobs=1, **quiet),
               lambda fitted, count, convert=convert: convert(fitted, initial_types=[("X", Features([None, count]))]))


def by_skl2onnx(fitted, count):
    options = {id(fitted): {"zipmap": False}} if hasattr(fitted, "predict_proba") else None
    return convert_sklearn(fitted, initial_types=[("X", FloatTensorType([None, count]))], options=options)


def nodes():
    """Models of one operator, for what no estimator shows: name, node, constants, samples."""
    random = numpy.random.default_rng(1)
    X = numpy.round(random.normal(size=(50, 4)) * 3).astype(numpy.float32)
    holes = X.copy()
    holes[random.random(X.shape) < 0.3] = numpy.nan
    def classic(op, **attributes):
        return helper.make_node(op, ["X"], ["Y"], domain="ai.onnx.ml", **attributes)
    yield "Normalizer MAX", classic("Normalizer", norm="MAX"), [], numpy.abs(X) + 1
    yield "Binarizer", classic("Binarizer", threshold=0.5), [], X
    yield "OneHotEncoder", classic("OneHotEncoder", cats_int64s=[-1, 0, 1, 2], zeros=1), [], X
    yield "Imputer of NaN", classic("Imputer", imputed_value_floats=[1.0, 2.0, 3.0, 4.0], replaced_value_float=float("nan")), [], holes
    yield "Imputer of 0", classic("Imputer", imputed_value_floats=[9.0], replaced_value_float=0.0), [], X
    yield "Scaler", classic("Scaler", offset=[1.0, 0.0, -2.0, 0.5], scale=[0.5, 1.0, 2.0, -1.0]), [], X
    chosen = helper.make_tensor("chosen", TensorProto.INT64, [3], [3, 0, 3])
    yield ("ArrayFeatureExtractor", helper.make_node("ArrayFeatureExtractor", ["X", "chosen"], ["Y"], domain="ai.onnx.ml"), [chosen], X)
    weights = {"target_treeids": [0, 0, 0], "target_nodeids": [1, 3, 4], "target_ids": [0, 0, 0], "target_weights": [1.0, 2.0, 4.0]}
    for mode in ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"):
        for tracks in (0, 1):
            yield (f"TreeEnsembleRegressor {mode} {tracks}", classic(
                "TreeEnsembleRegressor", n_targets=1, nodes_treeids=[0] * 5, nodes_nodeids=[0, 1, 2, 3, 4], nodes_featureids=[1, 0, 2, 0, 0],
                nodes_values=[1.0, 0.0, -2.0, 0.0, 0.0], nodes_modes=[mode, "LEAF", mode, "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 3, 0, 0],
                nodes_falsenodeids=[2, 0, 4, 0, 0], nodes_missing_value_tracks_true=[tracks] * 5, base_values=[0.5], **weights), [], holes)


def model_of(node, constants):
    graph = helper.make_graph([node], "one", [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 4])],
                              [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("ai.onnx.ml", 1), helper.make_opsetid("", 12)], ir_version=7)


class Check:
    def __init__(self, whit):
        self.whit, self.sound = whit, True

    def answers(self, folder, model, X):
        """Ours and onnxruntime's outputs: the first, and scores beside it if there are."""
        path, samples, output = folder / "model.onnx", folder / "samples.bin", folder / "output.npy"
        path.write_bytes(model.SerializeToString())
        samples.write_bytes(numpy.ascontiguousarray(X, dtype=numpy.float32).tobytes())  # raw: missing values too
        subprocess.run([self.whit, "run", path, "--input", samples, "--output", output], check=True, capture_output=True)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return numpy.load(output).reshape(len(X), -1), session.run(None, {session.get_inputs()[0].name: X})

    def model(self, name, model, X, classes=None):
        with tempfile.TemporaryDirectory(prefix="whit-onnx-") as text:
            try:
                ours, theirs = self.answers(pathlib.Path(text), model, X)
            except subprocess.CalledProcessError as error:
                self.tell(name, False, error.stderr.decode().strip())
                return
        if classes is None:
            expected = theirs[0].reshape(len(X), -1)
            far = float(numpy.abs(ours - expected).max() / max(1e-9, numpy.abs(expected).max()))
            self.tell(name, far < 1e-5, f"largest error {far:.1e}")
            return
        best = numpy.sort(theirs[1].reshape(len(X), -1), axis=1) if len(theirs) > 1 and isinstance(theirs[1], numpy.ndarray) else None
        tie = best[:, -1] - best[:, -2] <= TIE if best is not None and best.shape[1] > 1 else numpy.zeros(len(X), dtype=bool)
        wrong = (classes[ours[:, 0].astype(int)] != theirs[0].reshape(-1)) & ~tie
        self.tell(name, not wrong.any(), f"{int(wrong.sum())} of {len(X)} labels differ")

    def tell(self, name, sound, text):
        self.sound &= sound
        print(f"{'ok   ' if sound else 'WRONG'} {name:36} {text}", flush=True)


def problem(seed, classify, samples):
    random = numpy.random.default_rng(seed)
    features = int(random.integers(4, 12))
    if classify:
        X, y = datasets.make_classification(300 + samples, features, n_informative=4, n_redundant=0, n_classes=int(random.integers(2, 5)),
                                            n_clusters_per_class=1, random_state=seed)
    else:
        X, y = datasets.make_regression(300 + samples, features, noise=5, random_state=seed)
    return X.astype(numpy.float32), y


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit")
    parser.add_argument("--models", type=int, default=3)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--only", default="*")
    arguments = parser.parse_args()
    check = Check(os.path.abspath(arguments.whit))
    for name, node, constants, X in nodes():
        if fnmatch.fnmatch(name, arguments.only):
            check.model(name, model_of(node, constants), X)
    made = [(name, make, by_skl2onnx) for name, make in [*classifiers(), *regressors()]] + list(boosted())
    for name, make, export in made:
        if not fnmatch.fnmatch(name, arguments.only):
            continue
        for seed in range(arguments.models):
            classify = any(word in name for word in ("Classifier", "Logistic"))
            X, y = problem(seed, classify, arguments.samples)
            if "imputer" in name:
                X[numpy.random.default_rng(seed).random(X.shape) < 0.1] = numpy.nan
            fitted = make().fit(X[:300], y[:300])
            try:
                model = export(fitted, X.shape[1])
            except Exception as error:  # what the exporter cannot do with today's estimators
                print(f"left out: {name}, which the exporter refuses ({type(error).__name__})")
                break
            check.model(f"{name} {seed}", model, X[300:], fitted.classes_ if classify else None)
    return 0 if check.sound else 1


if __name__ == "__main__":
    sys.exit(main())
