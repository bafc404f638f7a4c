/* dnnl.h — oneDNN as a library: its engine, its failures, its matrix product.
 * SPDX-License-Identifier: MIT
 *
 * Of oneDNN we use sgemm and what conv-plan.h has, and nothing else, so that
 * nothing else can be slow or change. A status is oneDNN's: 0 is success. */

#pragma once

#include "cpu/device.h"

G_BEGIN_DECLS

/**
 * raqam_dnnl_open:
 *
 * Fills @device's members that are oneDNN's; its pool must be there already.
 */
gboolean raqam_dnnl_open  (RaqamDevice *device, GError **error);
void     raqam_dnnl_close (RaqamDevice *device);

/* Whether products of bf16 have instructions of their own on this processor. */
gboolean raqam_dnnl_has_bf16 (void);

/* The version of the library that runs: "2.6.3". Returns: (transfer full) */
char *raqam_dnnl_version (void);

/**
 * raqam_dnnl_check:
 * @what: what was tried, for the message
 *
 * Returns: whether @status is success; else FALSE with RAQAM_ERROR_MEMORY or _DEVICE
 */
gboolean raqam_dnnl_check (int status, const char *what, GError **error);

/**
 * raqam_dnnl_reserve_scratchpads:
 *
 * Makes every worker's scratchpad at least @size bytes; those there were are gone.
 */
gboolean raqam_dnnl_reserve_scratchpads (RaqamDevice *device, gsize size, GError **error);

/**
 * raqam_sgemm:
 *
 * c (@m, @n) = a · b + @beta · c, all row by row; with @trans_a, a is (k, m)
 * and with @trans_b, b is (n, k). lda, ldb, ldc: floats from row to row. May be
 * called from every worker at once.
 */
int raqam_sgemm (gboolean trans_a, gboolean trans_b, gsize m, gsize n, gsize k, const float *a,
                 gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc);

G_END_DECLS
