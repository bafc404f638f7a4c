/* ops.c — the GPU's operations that belong to no block.
 * SPDX-License-Identifier: MIT */

#include "cuda/ops.h"

#include "cuda/device.h"
#include "cuda/gpu.h"
#include "cuda/kernels-vector.h"

gboolean
raqam_cuda_bce (RaqamDevice *device, float *d_logits, float *results, const float *logits, int n,
                int n_first, float first, float rest, GError **error)
{
  g_return_val_if_fail (0 <= n_first && n_first <= n && n > 0, FALSE);

  raqam_cuda_bind ();
  raqam_cuda_bce_kernel (d_logits, results, logits, n, n_first, first, rest, device->stream);
  return raqam_cuda_check_launches ("losses", error);
}

gboolean
raqam_cuda_adam (RaqamDevice *device, float *weights, float *m, float *v, const float *gradient,
                 gsize n, const float *rate, float beta1, float beta2, float epsilon,
                 GError **error)
{
  if (n == 0)
    return TRUE;

  raqam_cuda_bind ();
  raqam_cuda_adam_kernel (weights, m, v, gradient, n, rate, beta1, beta2, epsilon, device->stream);
  return raqam_cuda_check_launches ("Adam", error);
}

gboolean
raqam_cuda_average (RaqamDevice *device, float *to, const float *from, gsize n, const float *decay,
                    GError **error)
{
  if (n == 0)
    return TRUE;

  raqam_cuda_bind ();
  raqam_cuda_average_kernel (to, from, n, decay, device->stream);
  return raqam_cuda_check_launches ("averages", error);
}

gboolean
raqam_cuda_normal (RaqamDevice *device, float *out, gsize n, guint32 stream,
                   const RaqamPulse *pulse, GError **error)
{
  g_assert (n <= (gsize) G_MAXINT);
  if (n == 0)
    return TRUE;

  raqam_cuda_bind ();
  raqam_cuda_normal_kernel (out, n, stream, pulse, device->stream);
  return raqam_cuda_check_launches ("random numbers", error);
}

gboolean
raqam_cuda_gather (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
                   const guint8 *data_labels, const guint32 *order, int batch, int image_size,
                   const RaqamPulse *pulse, GError **error)
{
  g_return_val_if_fail (batch > 0 && image_size > 0, FALSE);

  raqam_cuda_bind ();
  raqam_cuda_gather_kernel (images, labels, data, data_labels, order, batch, image_size, pulse,
                            device->stream);
  return raqam_cuda_check_launches ("a batch of the data", error);
}
