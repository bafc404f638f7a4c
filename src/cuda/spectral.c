/* spectral.c — a weight matrix over its largest singular value.
 * SPDX-License-Identifier: MIT */

#include "cuda/spectral.h"

#include "cuda/kernels-spectral.h"

void
raqam_cuda_spectral_lay_out (RaqamCudaSpectral *self, int rows, int columns,
                             RaqamScratch *scratch)
{
  self->rows = rows;
  self->columns = columns;
  self->sigma = raqam_scratch_take (scratch, 1, sizeof (float));
  self->u = raqam_scratch_take (scratch, rows, sizeof (float));
  self->v = raqam_scratch_take (scratch, columns, sizeof (float));
  self->right = raqam_scratch_take (scratch, columns, sizeof (float));
  self->left = raqam_scratch_take (scratch, rows, sizeof (float));
  self->products = raqam_scratch_take (scratch, RAQAM_SPECTRAL_PARTS, sizeof (double));
}

void
raqam_cuda_spectral_power (RaqamCudaSpectral *self, float *normed, float *u, const float *w,
                           gboolean power, cudaStream_t stream)
{
  raqam_cuda_launch_spectral_right (self, u, w, stream);
  raqam_cuda_launch_spectral_left (self, w, stream);
  raqam_cuda_launch_spectral_sigma (self, normed, u, w, power, stream);
}

void
raqam_cuda_spectral_gradient (RaqamCudaSpectral *self, float *dw, const float *w,
                              cudaStream_t stream)
{
  raqam_cuda_launch_spectral_product (self, dw, w, stream);
  raqam_cuda_launch_spectral_gradient (self, dw, stream);
}
