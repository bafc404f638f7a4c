/* fold.c — batch norm of a product's input, folded into the product.
 * SPDX-License-Identifier: MIT */

#include "cuda/fold.h"

void
raqam_cuda_fold_init (RaqamFold *self, const RaqamDevice *device, const RaqamBlockSpec *spec,
                      const RaqamPatches *shape, int n)
{
  *self = (RaqamFold) {
    .precision = device->precision,
    .edge = raqam_cuda_edge (device, n, spec->in_h, spec->in_w, spec->in_c, spec->inner_in),
    .rows = raqam_cuda_rows (n, spec->in_h * spec->in_w, spec->in_c, FALSE),
    .n_taps = shape->kernel * shape->kernel,
    .turned = spec->kind == RAQAM_BLOCK_CONV,
    .norm = spec->norm != RAQAM_NORM_NONE,
    .epsilon = spec->norm_epsilon,
    .correlation = raqam_cuda_correlation (shape, n, spec->in_c),
  };
}

void
raqam_cuda_fold_lay_out (RaqamFold *self, RaqamScratch *scratch, gboolean train)
{
  const RaqamCorrelation *correlation = &self->correlation;
  gsize taps = raqam_cuda_factor_taps (self->n_taps);
  gsize channels = raqam_cuda_factor_channels (self->edge.c), padded = self->rows.padded;
  gsize size = self->precision == RAQAM_PRECISION_BF16 ? 2 : sizeof (float);

  self->factors = raqam_scratch_take (scratch, taps * channels, size);
  self->constants = raqam_scratch_take (scratch, taps, sizeof (float));
  if (self->norm)
    {
      self->mean = raqam_scratch_take (scratch, padded, sizeof (float));
      self->inverse = raqam_scratch_take (scratch, padded, sizeof (float));
      self->moments = raqam_scratch_take (scratch, 2 * self->rows.n_chunks * padded,
                                          sizeof (float));
    }
  if (train)
    {
      self->partials = raqam_scratch_take (
        scratch, (gsize) correlation->n_groups * correlation->n_sums, sizeof (float));
      self->sums = raqam_scratch_take (scratch, correlation->n_sums, sizeof (double));
    }
  if (train && self->norm)
    {
      self->across = raqam_scratch_take (scratch, channels, sizeof (float));
      self->apart = raqam_scratch_take (scratch, channels, sizeof (float));
    }
}
