/* norm.h — batch norm of a hidden layer: statistics, coefficients, gradients.
 * SPDX-License-Identifier: MIT
 *
 * Ioffe and Szegedy, "Batch normalization", ICML 2015, with one scale and shift
 * a channel or one a channel and class. y is what the linear part made, padded and
 * of the device's type; x is y with bias and, where it comes before the norm,
 * activation, and takes y's place; out is the block's.
 */

#pragma once

#include "cuda/rows.h"
#include "cuda/scratch.h"

G_BEGIN_DECLS

typedef struct
{
  RaqamRows rows;
  RaqamRows images;   /* the same, no chunk in two images: where sums are by label */
  int       n_tables; /* one, or one a label */
  gboolean  bf16;     /* of x and its gradient */
  gboolean  plain;    /* of out and its gradient */
  float     epsilon;
  float     inner;    /* slopes of the activation before the norm, */
  float     outer;    /* and after it; 1 for none */

  /* Device memory. */
  float  *mean;     /* (padded): of the batch */
  float  *inverse;  /* (padded): 1 / √(variance + ε) */
  float  *scale;    /* out = x · scale + shift; (n_tables, padded) */
  float  *shift;
  float  *along;    /* d_x = along · d_out + across · x + apart; (n_tables, padded), */
  float  *across;   /* (padded), */
  float  *apart;    /* (padded) */
  float  *partials; /* (3, chunks, padded) */
  double *sums;     /* (2, n_tables, padded) */
} RaqamCudaNorm;

/* Fills all but the device memory, whose pieces raqam_cuda_norm_lay_out() takes. */
void raqam_cuda_norm_init    (RaqamCudaNorm *self, const RaqamDevice *device,
                              const RaqamBlockSpec *spec, int batch, gboolean plain);
void raqam_cuda_norm_lay_out (RaqamCudaNorm *self, RaqamScratch *scratch, gboolean train);

/* TRAIN: from @y, which becomes x, to @out, which may be @y; moves the running
 * statistics in @block's state by @update. */
void raqam_cuda_norm_forward (RaqamCudaNorm *self, gpointer out, gpointer y,
                              const RaqamBias *bias, const RaqamDropout *dropout,
                              const guint8 *labels, const RaqamBlock *block, float update);

/* INFER: from @y to @out, which may be @y, by the running statistics. */
void raqam_cuda_norm_infer (RaqamCudaNorm *self, gpointer out, gconstpointer y,
                            const RaqamBias *bias, const guint8 *labels, const RaqamBlock *block);

/**
 * raqam_cuda_norm_backward:
 * @d: gradient of y, padded; may be @d_out
 * @d_bias_partials: (rows.n_chunks, padded), overwritten: the sums of @d in each
 *   chunk; NULL when they are not wanted
 * @d_params: the slab in which scale's and shift's gradients are overwritten, or NULL
 * @x: as raqam_cuda_norm_forward() left it
 */
void raqam_cuda_norm_backward (RaqamCudaNorm *self, gpointer d, float *d_bias_partials,
                               float *d_params, gconstpointer d_out, gconstpointer x,
                               const RaqamDropout *dropout, const guint8 *labels,
                               const RaqamBlock *block);

G_END_DECLS
