/* pack.c — weights from PyTorch's layout to that of plans, and gradients back.
 * SPDX-License-Identifier: MIT */

#include "cuda/pack.h"

#include "cuda/kernels-pack.h"

/* The kernels count in 32 bits. */
static gboolean
is_sound (const RaqamPacking *packing)
{
  return packing->rows > 0 && packing->group > 0 && packing->rows % packing->group == 0
         && packing->in_c > 0 && packing->kernel > 0
         && packing->pitch >= (gsize) packing->in_c * packing->kernel * packing->kernel
         && raqam_cuda_packed_size (packing) <= G_MAXINT;
}

gboolean
raqam_cuda_pack (RaqamDevice *device, gpointer packed, const float *plain, const float *sigma,
                 const RaqamPacking *packing, GError **error)
{
  g_return_val_if_fail (is_sound (packing), FALSE);

  raqam_cuda_launch_pack (packed, device->precision == RAQAM_PRECISION_BF16, plain, sigma,
                          packing, device->stream);
  return raqam_cuda_check_launches ("packing weights", error);
}

gboolean
raqam_cuda_unpack (RaqamDevice *device, float *plain, const float *packed,
                   const RaqamPacking *packing, GError **error)
{
  g_return_val_if_fail (is_sound (packing), FALSE);

  raqam_cuda_launch_unpack (plain, packed, packing, device->stream);
  return raqam_cuda_check_launches ("unpacking gradients of weights", error);
}
