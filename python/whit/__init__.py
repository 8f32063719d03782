# SPDX-License-Identifier: Apache-2.0
"""whit from Python: fitted estimators in, verified firmware out.

    import whit

    model = whit.compile(forest, target="arduino-uno", samples=X_train, output="firmware")
    print(model.verify(X_test))
    print(model.bench(X_test, y_test))

Everything is done by the `whit` program; see `whit.program.find` for where it is looked for.
"""

from importlib import metadata

from .compiled_model import CompiledModel, compile
from .estimator_file import UnsupportedEstimator, classes_of, estimator_document, export
from .program import WhitError
from .pruning import PrunedModel, prune_to_fit

try:
    __version__ = metadata.version("whit")
except metadata.PackageNotFoundError:  # used from its sources
    __version__ = "0+sources"

__all__ = ["CompiledModel", "PrunedModel", "UnsupportedEstimator", "WhitError", "classes_of", "compile", "estimator_document", "export", "prune_to_fit",
           "__version__"]
