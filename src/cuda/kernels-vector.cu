/* kernels-vector.cu — kernels over whole vectors: losses, Adam, averages, draws.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-vector.h"

#include "cuda/kernels.cuh"

#define BLOCK 256
#define WARPS (BLOCK / RAQAM_WARP)

/* Whether four values may be read or written at @pointer at once. */
template <typename T>
static bool
is_aligned (const T *pointer)
{
  return reinterpret_cast<uintptr_t> (pointer) % (4 * sizeof (T)) == 0;
}

static unsigned int
n_blocks (gsize n_threads)
{
  return static_cast<unsigned int> ((n_threads + BLOCK - 1) / BLOCK);
}

/* The sums over the block of @n values a thread, in thread 0. */
template <int N>
static __device__ void
block_sums (double (&values)[N])
{
  __shared__ double of_warps[WARPS][N];
  int warp = threadIdx.x / RAQAM_WARP;

  for (int i = 0; i < N; i++)
    {
      values[i] = raqam_warp_sum (values[i]);
      if (threadIdx.x % RAQAM_WARP == 0)
        of_warps[warp][i] = values[i];
    }
  __syncthreads ();

  if (threadIdx.x == 0)
    for (int i = 0; i < N; i++)
      for (int other = 1; other < WARPS; other++)
        values[i] += of_warps[other][i];
}

/* With e = exp (-|l|) the sigmoid of -|l| is e / (1 + e), so that what the gradient
 * lacks to 0 keeps its digits where the sigmoid is all but the target. */
static __global__ void
bce_kernel (float *d_logits, float *results, const float *logits, int n, int n_first, float first,
            float rest)
{
  double sums[4] = { 0, 0, 0, 0 }; /* as results, of loss and sigmoid */

  for (int i = threadIdx.x; i < n; i += BLOCK)
    {
      float l = logits[i], e = expf (-fabsf (l)), small = e / (1 + e);
      float target = i < n_first ? first : rest;
      float loss = (l < 0 ? 0 : l) - l * target + log1pf (e);
      float sigmoid = l < 0 ? small : 1 / (1 + e);

      if (i < n_first)
        {
          sums[0] += loss;
          sums[2] += sigmoid;
        }
      else
        {
          sums[1] += loss;
          sums[3] += sigmoid;
        }
      d_logits[i] = (l < 0 ? small - target : (1 - target) - small) / n;
    }

  block_sums (sums);
  if (threadIdx.x == 0)
    for (int i = 0; i < 4; i++)
      {
        int count = i % 2 == 0 ? n_first : n - n_first;

        results[i] = count > 0 ? static_cast<float> (sums[i] / count) : 0.0f;
      }
}

void
raqam_cuda_bce_kernel (float *d_logits, float *results, const float *logits, int n, int n_first,
                       float first, float rest, cudaStream_t stream)
{
  RAQAM_LAUNCH (bce_kernel, 1, BLOCK, 0, stream, d_logits, results, logits, n, n_first, first,
                rest);
}

struct Adam
{
  float rate, beta1, beta2, epsilon;
};

static __device__ inline void
adam (float *weight, float *m, float *v, float gradient, Adam how)
{
  *m = how.beta1 * *m + (1 - how.beta1) * gradient;
  *v = how.beta2 * *v + (1 - how.beta2) * (gradient * gradient);
  *weight -= how.rate * *m / (sqrtf (*v) + how.epsilon);
}

/* Four values a thread. */
template <bool aligned>
static __global__ void
adam_kernel (float *weights, float *m, float *v, const float *gradient, gsize n, const float *rate,
             float beta1, float beta2, float epsilon)
{
  gsize begin = 4 * (static_cast<gsize> (blockIdx.x) * BLOCK + threadIdx.x);
  Adam how = { *rate, beta1, beta2, epsilon };

  if (aligned && begin + 4 <= n)
    {
      float4 w4 = *reinterpret_cast<float4 *> (weights + begin);
      float4 m4 = *reinterpret_cast<float4 *> (m + begin);
      float4 v4 = *reinterpret_cast<float4 *> (v + begin);
      float4 g4 = *reinterpret_cast<const float4 *> (gradient + begin);

      adam (&w4.x, &m4.x, &v4.x, g4.x, how);
      adam (&w4.y, &m4.y, &v4.y, g4.y, how);
      adam (&w4.z, &m4.z, &v4.z, g4.z, how);
      adam (&w4.w, &m4.w, &v4.w, g4.w, how);
      *reinterpret_cast<float4 *> (weights + begin) = w4;
      *reinterpret_cast<float4 *> (m + begin) = m4;
      *reinterpret_cast<float4 *> (v + begin) = v4;
    }
  else
    for (gsize i = begin; i < begin + 4 && i < n; i++)
      adam (weights + i, m + i, v + i, gradient[i], how);
}

void
raqam_cuda_adam_kernel (float *weights, float *m, float *v, const float *gradient, gsize n,
                        const float *rate, float beta1, float beta2, float epsilon,
                        cudaStream_t stream)
{
  unsigned int grid = n_blocks ((n + 3) / 4);

  if (is_aligned (weights) && is_aligned (m) && is_aligned (v) && is_aligned (gradient))
    RAQAM_LAUNCH ((adam_kernel<true>), grid, BLOCK, 0, stream, weights, m, v, gradient, n, rate,
                  beta1, beta2, epsilon);
  else
    RAQAM_LAUNCH ((adam_kernel<false>), grid, BLOCK, 0, stream, weights, m, v, gradient, n, rate,
                  beta1, beta2, epsilon);
}

/* Four values a thread. */
template <bool aligned>
static __global__ void
average_kernel (float *to, const float *from, gsize n, const float *decay)
{
  gsize begin = 4 * (static_cast<gsize> (blockIdx.x) * BLOCK + threadIdx.x);
  float keep = *decay, rest = 1 - keep;

  if (aligned && begin + 4 <= n)
    {
      float4 t4 = *reinterpret_cast<float4 *> (to + begin);
      float4 f4 = *reinterpret_cast<const float4 *> (from + begin);

      t4.x = keep * t4.x + rest * f4.x;
      t4.y = keep * t4.y + rest * f4.y;
      t4.z = keep * t4.z + rest * f4.z;
      t4.w = keep * t4.w + rest * f4.w;
      *reinterpret_cast<float4 *> (to + begin) = t4;
    }
  else
    for (gsize i = begin; i < begin + 4 && i < n; i++)
      to[i] = keep * to[i] + rest * from[i];
}

void
raqam_cuda_average_kernel (float *to, const float *from, gsize n, const float *decay,
                           cudaStream_t stream)
{
  unsigned int grid = n_blocks ((n + 3) / 4);

  if (is_aligned (to) && is_aligned (from))
    RAQAM_LAUNCH ((average_kernel<true>), grid, BLOCK, 0, stream, to, from, n, decay);
  else
    RAQAM_LAUNCH ((average_kernel<false>), grid, BLOCK, 0, stream, to, from, n, decay);
}

/* One of Philox's blocks a thread: four numbers. */
static __global__ void
normal_kernel (float *out, gsize n, guint32 draw, const RaqamPulse *pulse)
{
  guint32 block = blockIdx.x * BLOCK + threadIdx.x;
  gsize begin = 4 * static_cast<gsize> (block);
  float four[4];

  if (begin >= n)
    return;

  raqam_philox_normal (four, raqam_philox (pulse->seed, pulse->step, draw, block));
  for (int i = 0; i < 4; i++)
    if (begin + i < n)
      out[begin + i] = four[i];
}

void
raqam_cuda_normal_kernel (float *out, gsize n, guint32 draw, const RaqamPulse *pulse,
                          cudaStream_t stream)
{
  RAQAM_LAUNCH (normal_kernel, n_blocks ((n + 3) / 4), BLOCK, 0, stream, out, n, draw, pulse);
}

/* One image a block. */
template <bool aligned>
static __global__ void
gather_kernel (float *images, guint8 *labels, const guint8 *data, const guint8 *data_labels,
               const guint32 *order, int image_size, const RaqamPulse *pulse)
{
  gsize from = order[pulse->position + blockIdx.x];
  const guint8 *bytes = data + from * image_size;
  float *out = images + static_cast<gsize> (blockIdx.x) * image_size;

  if (threadIdx.x == 0)
    labels[blockIdx.x] = data_labels[from];

  if (aligned)
    for (int i = 4 * threadIdx.x; i < image_size; i += 4 * BLOCK)
      {
        uchar4 four = *reinterpret_cast<const uchar4 *> (bytes + i);

        *reinterpret_cast<float4 *> (out + i) =
          make_float4 (four.x / 255.0f, four.y / 255.0f, four.z / 255.0f, four.w / 255.0f);
      }
  else
    for (int i = threadIdx.x; i < image_size; i += BLOCK)
      out[i] = bytes[i] / 255.0f;
}

void
raqam_cuda_gather_kernel (float *images, guint8 *labels, const guint8 *data,
                          const guint8 *data_labels, const guint32 *order, int batch,
                          int image_size, const RaqamPulse *pulse, cudaStream_t stream)
{
  if (image_size % 4 == 0 && is_aligned (images) && is_aligned (data))
    RAQAM_LAUNCH ((gather_kernel<true>), batch, BLOCK, 0, stream, images, labels, data, data_labels,
                  order, image_size, pulse);
  else
    RAQAM_LAUNCH ((gather_kernel<false>), batch, BLOCK, 0, stream, images, labels, data,
                  data_labels, order, image_size, pulse);
}
