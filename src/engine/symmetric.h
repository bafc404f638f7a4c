/* symmetric.h — eigenvalues of symmetric matrices.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_symmetric_eigen:
 * @values: (@n), overwritten; in no particular order
 * @vectors: (nullable): (@n, @n), overwritten; row i is the unit eigenvector of
 *   @values i
 * @matrix: (@n, @n), finite and symmetric; overwritten, its contents are then
 *   of no use
 * @n: 1 or more
 *
 * Householder's reduction to three diagonals, then the implicit QL algorithm
 * (Golub and Van Loan, Matrix Computations, 8.3). An eigenvalue is right to a
 * few roundings of the largest one. In double and on one thread, in an order
 * that nothing changes; 128 × 128 with vectors takes some 10 ms. It is here
 * because LAPACK's libraries are larger than all of Raqam, and choose another
 * order of additions on each machine. Any thread.
 */
void raqam_symmetric_eigen (double *values, double *vectors, double *matrix, int n);

G_END_DECLS
