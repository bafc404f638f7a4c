/* kernels-sum.h — the second stage of a sum over a batch.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <cuda_runtime_api.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_cuda_sum_rows:
 * @sums: (@n_classes, @n), overwritten: the sums of the rows of each class, in double
 *   and in one order
 * @rows: (@n_rows, @n)
 * @labels: (@n_rows): the rows' classes; NULL where all are of class 0
 *
 * Reads the rows once, and with labels their labels once a class.
 */
void raqam_cuda_sum_rows (double *sums, const float *rows, int n_rows, int n, const guint8 *labels,
                          int n_classes, cudaStream_t stream);

G_END_DECLS
