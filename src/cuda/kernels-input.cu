/* kernels-input.cu — what a discriminator's first block has beside its products.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-input.h"

#include "cuda/patches.cuh"

#define THREADS 256
#define OCTETS  8 /* of a block of threads, in the first pass backward */
#define LANES   (THREADS / OCTETS)

/* A block makes a tap's factors, or after these a row of the table. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
weights_kernel (typename Kind::Factor *factors, float *table, const float *image,
                const float *planes, const float *bias, RaqamInputShape shape)
{
  int n_rows = raqam_cuda_factor_taps (shape.n_taps), row = blockIdx.x;
  int n_channels = raqam_cuda_factor_channels (shape.channels);
  int place = row - n_rows, of_class = place / shape.borders.n_kinds;
  int kind = place % shape.borders.n_kinds;

  for (int c = threadIdx.x; c < n_channels; c += THREADS)
    {
      size_t first = (size_t) c * shape.n_planes * shape.n_taps;

      if (row < n_rows)
        {
          bool exists = row < shape.n_taps && c < shape.channels;

          factors[(size_t) row * n_channels + c] = Kind::round (exists ? image[first + row] : 0.0f);
        }
      else
        {
          double sum = bias == nullptr || c >= shape.channels ? 0.0 : bias[c];

          if (shape.n_planes > 1 && c < shape.channels)
            for (int tap = 0; tap < shape.n_taps; tap++)
              if (shape.borders.inside[kind * shape.n_taps + tap])
                sum += planes[first + (size_t) (1 + of_class) * shape.n_taps + tap];
          table[(size_t) place * n_channels + c] = (float) sum;
        }
    }
}

extern "C" void
raqam_cuda_input_weights (gpointer factors, float *table, const float *image, const float *planes,
                          const float *bias, const RaqamInputShape *shape, cudaStream_t stream)
{
  int blocks = raqam_cuda_factor_taps (shape->n_taps) + shape->n_classes * shape->borders.n_kinds;

  if (shape->precision == RAQAM_PRECISION_BF16)
    RAQAM_LAUNCH ((weights_kernel<RaqamBf16>), blocks, THREADS, 0, stream,
                  static_cast<bf16 *> (factors), table, image, planes, bias, *shape);
  else if (shape->precision == RAQAM_PRECISION_TF32)
    RAQAM_LAUNCH ((weights_kernel<RaqamTf32>), blocks, THREADS, 0, stream,
                  static_cast<float *> (factors), table, image, planes, bias, *shape);
  else
    RAQAM_LAUNCH ((weights_kernel<RaqamF32>), blocks, THREADS, 0, stream,
                  static_cast<float *> (factors), table, image, planes, bias, *shape);
}

/* A block has eight octets of channels of an image. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
start_backward_kernel (void *d, float *by_kind, const void *out, RaqamEdge edge,
                       RaqamDropout dropout, float slope, RaqamBorders borders)
{
  __shared__ float shared[LANES][OCTETS * RAQAM_OCTET + 1];
  RaqamMask mask = raqam_mask (dropout);
  size_t image = blockIdx.x;
  int octet = threadIdx.x % OCTETS, lane = threadIdx.x / OCTETS;
  int padded = raqam_cuda_round_up (edge.c, RAQAM_OCTET);
  int first = blockIdx.y * OCTETS * RAQAM_OCTET, channel = first + octet * RAQAM_OCTET;
  RaqamRows rows = {};

  rows.c = edge.c;
  for (int kind = 0; kind < borders.n_kinds; kind++)
    {
      float sums[RAQAM_OCTET] = { 0 };
      int end = channel < padded ? borders.begin[kind + 1] : 0;

      for (int i = borders.begin[kind] + lane; i < end; i += LANES)
        {
          size_t row = image * borders.n_pixels + borders.pixels[i];
          float value[RAQAM_OCTET], made[RAQAM_OCTET];

          raqam_load_eight<Kind> (value, d, edge, row, channel);
          raqam_load_eight<Kind> (made, out, edge, row, channel);
          raqam_drop (value, mask, rows, (guint32) row, channel);
          for (int j = 0; j < RAQAM_OCTET; j++)
            {
              value[j] = raqam_derive (value[j], made[j], slope);
              sums[j] += value[j];
            }
          raqam_store_eight<Kind> (d, value, edge, row, channel);
        }

      for (int j = 0; j < RAQAM_OCTET; j++)
        shared[lane][octet * RAQAM_OCTET + j] = sums[j];
      __syncthreads ();
      for (int i = threadIdx.x; i < OCTETS * RAQAM_OCTET && first + i < padded; i += THREADS)
        {
          float sum = 0.0f;

          for (int l = 0; l < LANES; l++)
            sum += shared[l][i];
          by_kind[(image * borders.n_kinds + kind) * padded + first + i] = sum;
        }
      __syncthreads ();
    }
}

extern "C" void
raqam_cuda_input_start_backward (gpointer d, float *by_kind, gconstpointer out, RaqamEdge edge,
                                 int n, const RaqamDropout *dropout, float slope,
                                 const RaqamInputShape *shape, cudaStream_t stream)
{
  dim3 grid (n, raqam_ceil_div (edge.c, OCTETS * RAQAM_OCTET));

  if (edge.bf16)
    RAQAM_LAUNCH ((start_backward_kernel<RaqamBf16>), grid, THREADS, 0, stream, d, by_kind, out,
                  edge, *dropout, slope, shape->borders);
  else
    RAQAM_LAUNCH ((start_backward_kernel<RaqamF32>), grid, THREADS, 0, stream, d, by_kind, out,
                  edge, *dropout, slope, shape->borders);
}

static __device__ inline double
plane_gradient (const double *by_kind, const RaqamInputShape &shape, int of_class, int c, int tap)
{
  int padded = raqam_cuda_round_up (shape.channels, RAQAM_OCTET), n = shape.borders.n_kinds;
  double sum = 0.0;

  for (int kind = 0; kind < n; kind++)
    if (shape.borders.inside[kind * shape.n_taps + tap])
      sum += by_kind[((size_t) of_class * n + kind) * padded + c];

  return sum;
}

static __global__ void __launch_bounds__ (THREADS)
gradients_kernel (float *d_weight, float *d_bias, const double *product, int pitch,
                  const double *by_kind, RaqamInputShape shape)
{
  int i = blockIdx.x * THREADS + threadIdx.x, length = shape.n_planes * shape.n_taps;
  int padded = raqam_cuda_round_up (shape.channels, RAQAM_OCTET);

  if (i < shape.channels * length)
    {
      int c = i / length, plane = i % length / shape.n_taps, tap = i % shape.n_taps;

      d_weight[i] = (float) (plane == 0 ? product[(size_t) tap * pitch + c]
                                        : plane_gradient (by_kind, shape, plane - 1, c, tap));
    }

  if (d_bias != nullptr && i < shape.channels)
    {
      double sum = 0.0;

      for (int row = 0; row < shape.n_classes * shape.borders.n_kinds; row++)
        sum += by_kind[(size_t) row * padded + i];
      d_bias[i] = (float) sum;
    }
}

extern "C" void
raqam_cuda_input_gradients (float *d_weight, float *d_bias, const double *product, int pitch,
                            const double *by_kind, const RaqamInputShape *shape,
                            cudaStream_t stream)
{
  int blocks = raqam_ceil_div (shape->channels * shape->n_planes * shape->n_taps, THREADS);

  RAQAM_LAUNCH (gradients_kernel, blocks, THREADS, 0, stream, d_weight, d_bias, product, pitch,
                by_kind, *shape);
}
