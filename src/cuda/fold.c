/* fold.c — batch norm of a product's input, folded into the product.
 * SPDX-License-Identifier: MIT */

#include "cuda/fold.h"

void
raqam_cuda_fold_init (RaqamFold *self, const RaqamDevice *device, const RaqamPatches *shape, int n,
                      RaqamEdge edge, gboolean turned)
{
  *self = (RaqamFold) {
    .precision = device->precision,
    .edge = edge,
    .rows = raqam_cuda_rows (n, shape->small_h * shape->small_w, edge.c, FALSE),
    .n_taps = shape->kernel * shape->kernel,
    .turned = turned,
    .correlation = raqam_cuda_correlation (shape, n, edge.c),
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
