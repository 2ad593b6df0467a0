"""Train the weights of `quality_complaint/data/complaint_words.txt` on the wordings of `dev/wordings`; needs scikit-learn.

    .odoo/venv/bin/python -m pip install scikit-learn
    .odoo/venv/bin/python dev/complaint_words.py

Wordings: `# product`, `= fault`, `t trouble …`, then one wording per line, `e ` in English, `z ` in Chinese. Written by an AI model; no text of
the pairs the figures are measured on (`quality_complaint/tests/data`) is among them.
"""

import sys
from pathlib import Path
from types import ModuleType

import numpy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
# the tools alone, without Odoo and what else they need
tools = ModuleType("tools")
tools.__path__ = [str(ROOT / "quality_complaint" / "tools")]
sys.modules["tools"] = tools

from tools.complaint_leaning import CONSTANT, SCALE, SHARE, features

TARGET = ROOT / "quality_complaint" / "data" / "complaint_words.txt"
# rarer features are left out, and weights that hardly count
LEAST_TEXTS = 2
LEAST_WEIGHT = 0.3


def wordings():
    """:return: list of (text, trouble), several of a text that tells several troubles"""
    rows, troubles = [], []
    for path in sorted((ROOT / "dev" / "wordings").glob("*.txt")):
        for line in path.read_text().splitlines():
            kind, _blank, text = line.strip().partition(" ")
            if kind == "t":
                troubles = text.split()
            elif kind == "=":
                troubles = []
            elif kind in ("e", "z"):
                rows += [(text, trouble.removeprefix("term_")) for trouble in troubles]
    return rows


def probabilities(matrix, weights, constant):
    values = matrix @ weights.T + constant
    values = numpy.exp(values - values.max(1, keepdims=True))
    return values / values.sum(1, keepdims=True)


def main():
    rows = wordings()
    texts, troubles = zip(*rows, strict=True)
    vectorizer = CountVectorizer(analyzer=features, binary=True, min_df=LEAST_TEXTS).fit(dict.fromkeys(texts))
    matrix = vectorizer.transform(texts)
    model = LogisticRegression(C=1.0, max_iter=400).fit(matrix, troubles)
    weights = numpy.where(abs(model.coef_) < LEAST_WEIGHT, 0, model.coef_).round(2)
    shares = probabilities(matrix, weights, model.intercept_).mean(0)
    names = list(model.classes_)

    def line(feature, values, scale=SCALE):
        hundredths = ((name, round(float(value) * scale)) for name, value in zip(names, values, strict=True))
        return f"{feature}\t" + " ".join(f"{name}:{value}" for name, value in hundredths if value or feature in (CONSTANT, SHARE))

    lines = [line(CONSTANT, model.intercept_), line(SHARE, shares, SCALE * SCALE)]
    lines += [line(feature, weights[:, number]) for feature, number in sorted(vectorizer.vocabulary_.items()) if weights[:, number].any()]
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{len(set(texts))} wordings, {len(names)} troubles, {len(lines) - 2} features, {TARGET.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
