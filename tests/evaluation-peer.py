#!/usr/bin/python3
"""evaluation-peer.py — works an evaluation's figures out again, with NumPy and SciPy.

SPDX-License-Identifier: MIT

usage: evaluation-peer.py ARRAYS.safetensors REPORT.json [sklearn]

ARRAYS holds the features, labels and predictions that the report was made of;
the report's own JSON is read as JSON is. With "sklearn" only the classification
reports are compared, with scikit-learn's. Exit status 77 where a library is not
installed, 1 with a line for each figure that differs.
"""

import json
import struct
import sys

try:
    import numpy as np
    if len(sys.argv) > 3:
        from sklearn.metrics import classification_report, confusion_matrix
    else:
        from scipy.linalg import sqrtm
        from scipy.spatial import cKDTree
        from scipy.stats import mannwhitneyu
except ImportError as error:
    print(error)
    sys.exit(77)

WRONG = []


def read_arrays(path):
    content = open(path, 'rb').read()
    n = struct.unpack('<Q', content[:8])[0]
    header = json.loads(content[8:8 + n])
    header.pop('__metadata__', None)
    types = {'F32': '<f4', 'U8': '|u1'}
    return {name: np.frombuffer(content[8 + n:][slice(*t['data_offsets'])], types[t['dtype']])
            .reshape(t['shape']) for name, t in header.items()}


def same(name, got, want, tolerance):
    got, want = np.asarray(got, float), np.asarray(want, float)
    if got.shape != want.shape or not np.allclose(got, want, rtol=tolerance, atol=tolerance):
        WRONG.append(f'{name}: the report says {got}, this {want}')


def compare_report(name, report, truth, predicted):
    want = classification_report(truth, predicted, labels=range(10), output_dict=True)
    for ours, theirs in [('precision', 'precision'), ('recall', 'recall'), ('f1', 'f1-score'),
                         ('support', 'support')]:
        same(f'{name}.{ours}', report[ours], [want[str(c)][theirs] for c in range(10)], 0)
        for average in 'macro', 'weighted':
            same(f'{name}.{average}.{ours}', report[f'{average}_average'][ours],
                 want[f'{average} avg'][theirs], 0)
    same(f'{name}.accuracy', report['accuracy'], np.mean(truth == predicted), 0)


def balanced(labels, per_class):
    """The classes in turn, each class's images evenly over all that it has."""
    of = [np.flatnonzero(labels == c) for c in range(10)]
    return np.array([of[c][i * len(of[c]) // per_class] for i in range(per_class)
                     for c in range(10)])


def fid(a, b):
    a, b = a.astype(float), b.astype(float)
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    # A little on the diagonal for the square root of matrices without full rank.
    e = 1e-9 * np.eye(len(ca))
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * sqrtm((ca + e) @ (cb + e)).real)


def inception(p):
    scores = []
    for s in range(10):
        part = p[s * len(p) // 10:(s + 1) * len(p) // 10].astype(float)
        with np.errstate(divide='ignore', invalid='ignore'):
            terms = part * np.log(part / part.mean(0))
        scores.append(np.exp(np.where(part > 0, terms, 0).sum(1).mean()))
    return np.mean(scores), np.std(scores)


def manifold(real, made, k=3):
    real, made = real.astype(float), made.astype(float)

    def inside(points, centres):
        radius = cKDTree(centres).query(centres, k + 1)[0][:, k]
        tree = cKDTree(points)
        hit = np.zeros(len(points), bool)
        for centre, r in zip(centres, radius):
            hit[tree.query_ball_point(centre, r * (1 + 1e-6))] = True
        return hit.mean()

    return inside(made, real), inside(real, made)


def vendi(x, width, most=256):
    """Of every n / most-th image."""
    x = x.astype(float)
    if len(x) > most:
        x = x[np.arange(most) * len(x) // most]
    square = ((x[:, None] - x[None]) ** 2).sum(2)
    values = np.linalg.eigvalsh(np.exp(-square / (2 * width ** 2)) / len(x))
    values = values[values > 1e-15]
    return np.exp(-(values * np.log(values)).sum())


def compare_scores(report, a):
    scores, n = report['scores'], report['scores']['images']
    which = balanced(a['test_labels'], n // 10)
    test, labels = a['test'][which], a['test_labels'][which]
    made, made_labels = a['generated'][:n], a['labels'][:n]
    train, train_labels = a['train'], a['train_labels']

    def of(x, y, c):
        return x[y == c]

    same('fid', scores['fid'], fid(made, train), 1e-3)
    same('fid_floor', scores['fid_floor'], fid(test, train), 1e-3)
    same('fid_per_digit', scores['fid_per_digit'],
         [fid(of(made, made_labels, c), of(train, train_labels, c)) for c in range(10)], 2e-3)
    same('fid_floor_per_digit', scores['fid_floor_per_digit'],
         [fid(of(test, labels, c), of(train, train_labels, c)) for c in range(10)], 2e-3)
    same('inception_score', [scores['inception_score'], scores['inception_score_deviation']],
         inception(a['probabilities'][:n]), 1e-6)
    same('inception_score_real',
         [scores['inception_score_real'], scores['inception_score_real_deviation']],
         inception(a['test_probabilities'][which]), 1e-6)

    m = scores['manifold_images']
    part = train[balanced(train_labels, m // 10)]
    same('manifold', [scores['manifold_precision'], scores['manifold_recall']],
         manifold(part, made[:m]), 2.1 / m)
    same('manifold_real', [scores['manifold_precision_real'], scores['manifold_recall_real']],
         manifold(part, test[:m]), 2.1 / m)

    tree = cKDTree(train.astype(float))
    near = tree.query(a['generated'].astype(float))[0].astype(np.float32)
    unseen = tree.query(a['test'].astype(float))[0].astype(np.float32)
    same('nearest', [scores['nearest_training_distance'], scores['nearest_training_distance_real']],
         [np.median(near), np.median(unseen)], 1e-4)
    same('memorisation', scores['memorisation'],
         mannwhitneyu(unseen, near).statistic / len(near) / len(unseen), 1e-3)

    widths = [np.sqrt(np.var(of(train, train_labels, c).astype(float), axis=0, ddof=1).sum())
              for c in range(10)]
    same('diversity', scores['diversity_per_digit'],
         [vendi(of(made, made_labels, c), widths[c]) for c in range(10)], 1e-4)
    same('diversity_real', scores['diversity_real_per_digit'],
         [vendi(of(test, labels, c), widths[c]) for c in range(10)], 1e-4)
    same('diversity', [scores['diversity'], scores['diversity_real']],
         [np.mean(scores['diversity_per_digit']), np.mean(scores['diversity_real_per_digit'])], 1e-9)


def main():
    arrays = read_arrays(sys.argv[1])
    with open(sys.argv[2], encoding='utf-8') as file:
        report = json.load(file)
    if len(sys.argv) > 3:
        compare_report('report', report['report'], arrays['labels'], arrays['predicted'])
        compare_report('classifier', report['classifier'], arrays['test_labels'],
                       arrays['test_probabilities'].argmax(1))
        same('confusion', [report['confusion'][str(c)] for c in range(10)],
             confusion_matrix(arrays['labels'], arrays['predicted'], labels=range(10)), 0)
    else:
        compare_scores(report, arrays)
    print('\n'.join(WRONG))
    return 1 if WRONG else 0


sys.exit(main())
