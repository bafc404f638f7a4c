/* feature-sets.h — features that the fixtures' makers make too.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * feature_set_new:
 * @number: 0 to 3; tells sets of one seed apart
 * @n: images
 * @d: features
 * @rank: of the covariance
 * @shift: how far the mean is moved, in quarters
 * @scale: a power of two
 *
 * The same numbers as feature_set() of fixtures/feature_sets.py, exactly.
 *
 * Returns: (transfer full): (@n, @d)
 */
float *feature_set_new (guint64 seed, int number, int n, int d, int rank, int shift, float scale);

/**
 * read_fixture_lines:
 * @name: of a file in fixtures/
 *
 * Returns: (transfer full) (element-type GStrv): the words of each line that
 *   neither is empty nor begins with "#"
 */
GPtrArray *read_fixture_lines (const char *name);

/**
 * manifold_case_set:
 * @n: (out): images
 * @words: a line of fixtures/manifold.txt
 * @number: 0 the real set, 1 the generated one, 2 another like the real one
 *
 * Returns: (transfer full): (@n, features)
 */
float *manifold_case_set (int *n, char **words, int number);

G_END_DECLS
