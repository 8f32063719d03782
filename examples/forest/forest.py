# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits by a forest, on an Arduino Uno: trained, compiled, verified and measured. README.md shows it."""

import whit
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

X, X_test, y, y_test = train_test_split(*load_digits(return_X_y=True), test_size=0.3, random_state=1)
forest = RandomForestClassifier(30, random_state=1).fit(X, y)
model = whit.compile(forest, target="arduino-uno", optimize="size", samples=X, output="firmware")
print(model.verify(X_test))
print(model.bench(X_test, y_test)[0])
