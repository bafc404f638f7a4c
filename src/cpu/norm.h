/* norm.h — batch norm of a hidden layer: statistics, coefficients, gradients.
 * SPDX-License-Identifier: MIT
 *
 * Ioffe and Szegedy, "Batch normalization", ICML 2015, with one scale and shift
 * a channel or one a channel and class. What passes over all values is in
 * kernels-hidden.c; here is what passes over channels. Sums are one a worker, in
 * double, and are added up in the workers' order.
 */

#pragma once

#include "cpu/kernels.h"
#include "engine/backend.h"

G_BEGIN_DECLS

typedef struct
{
  const RaqamHiddenKernels *kernels;
  const RaqamBlockSpec     *spec;

  gsize c;
  int   n_tables; /* one, or one a class */
  int   n_workers;
  char *memory;   /* what the pointers below point into */

  float *mean;    /* (c): of the batch */
  float *inverse; /* (c): 1 / √(variance + ε) */
  float *zeros;   /* (c) */

  /* out = x · scale + shift; (n_tables, c) */
  float *scale;
  float *shift;

  /* d_x = along · d_out + across · x + apart; (n_tables, c), (c), (c) */
  float *along;
  float *across;
  float *apart;

  /* One a worker. */
  double *counts;   /* pixels summed */
  float  *origins;  /* (c): what forward's sums are taken around */
  float  *partials; /* (2, c) */
  double *sums;     /* (2, n_tables, c) */
} RaqamCpuNorm;

/* @spec must outlive it. Returns: (transfer full): NULL with RAQAM_ERROR_MEMORY */
RaqamCpuNorm *raqam_cpu_norm_new  (const RaqamBlockSpec *spec, int n_workers, GError **error);
void          raqam_cpu_norm_free (RaqamCpuNorm *self);

/* Forgets @worker's sums. */
void raqam_cpu_norm_begin (RaqamCpuNorm *self, int worker);

/**
 * raqam_cpu_norm_collect:
 * @x: (@pixels, c), overwritten by activation (x + bias)
 * @bias: (c)
 *
 * Adds one image to the statistics. The worker's first image also sets the
 * origin, its mean, so that float sums of squares lose nothing.
 */
void raqam_cpu_norm_collect (RaqamCpuNorm *self, int worker, float *x, const float *bias,
                             float slope, gsize pixels);

/* Makes the batch's mean, inverse, scale and shift of what was collected; moves
 * the running statistics in @state by @update. */
void raqam_cpu_norm_use_batch   (RaqamCpuNorm *self, const float *params, float *state,
                                 float update);
/* Makes scale and shift of the running statistics. */
void raqam_cpu_norm_use_running (RaqamCpuNorm *self, const float *params, const float *state);

/**
 * raqam_cpu_norm_collect_backward:
 * @d: (@pixels, c): gradient of the output; where the activation comes after
 *   the norm, overwritten by the gradient before it
 * @out: (@pixels, c)
 * @x: (@pixels, c): what was normalised
 * @table: the image's label, or 0 where all share a table
 */
void raqam_cpu_norm_collect_backward (RaqamCpuNorm *self, int worker, float *d, const float *out,
                                      const float *x, int table, gsize pixels);

/* Makes along, across and apart; scale's and shift's gradients unless @d_params is NULL. */
void raqam_cpu_norm_finish_backward (RaqamCpuNorm *self, float *d_params, const float *params,
                                     gsize n_pixels);

G_END_DECLS
