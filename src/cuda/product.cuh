/* product.cuh — products of matrices in shared memory, each warp its own tile.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/kernels.cuh"

/* What the factors of a product are: a device's precision. */
struct RaqamF32
{
  using Factor = float;
  enum { BF16 = 0 };

  static __device__ inline float round (float x) { return x; }
};

struct RaqamTf32
{
  using Factor = float;
  enum { BF16 = 0 };

  static __device__ inline float
  round (float x)
  {
#if RAQAM_TENSOR_CORES
    return nvcuda::wmma::__float_to_tf32 (x);
#else
    return x;
#endif
  }
};

struct RaqamBf16
{
  using Factor = bf16;
  enum { BF16 = 1 };

  static __device__ inline bf16 round (float x) { return __float2bfloat16 (x); }
};

/* (16 M, 16 N) sums of a warp: sum += a · b, where a is (16 M, k), kept by rows, or
 * with A_TURNED by columns, and b (k, 16 N), the same; pitch is from row to row, or
 * from column to column. a, b and where the sums go are aligned to 32 bytes, and
 * pitches are multiples of 16 bytes; k is a multiple of 16. Each lane has its part:
 * what other lanes wrote to a and b, or read of the sums, needs a barrier between. */
template <typename Factor, int M, int N, bool A_TURNED, bool B_TURNED>
struct RaqamPlainProduct
{
  /* Lane l has rows l / 8, l / 8 + 4, … and columns l % 8, l % 8 + 8, … */
  float sum[4 * M][2 * N];

  __device__ inline void
  clear ()
  {
    for (int i = 0; i < 4 * M; i++)
      for (int j = 0; j < 2 * N; j++)
        sum[i][j] = 0.0f;
  }

  __device__ inline void
  add (const Factor *a, int a_pitch, const Factor *b, int b_pitch, int k)
  {
    int row = threadIdx.x % RAQAM_WARP / 8, column = threadIdx.x % 8;

    for (int at = 0; at < k; at++)
      {
        float left[4 * M], right[2 * N];

        for (int i = 0; i < 4 * M; i++)
          left[i] = raqam_get (A_TURNED ? a[at * a_pitch + row + 4 * i]
                                        : a[(row + 4 * i) * a_pitch + at]);
        for (int j = 0; j < 2 * N; j++)
          right[j] = raqam_get (B_TURNED ? b[(column + 8 * j) * b_pitch + at]
                                         : b[at * b_pitch + column + 8 * j]);
        for (int i = 0; i < 4 * M; i++)
          for (int j = 0; j < 2 * N; j++)
            sum[i][j] += left[i] * right[j];
      }
  }

  template <bool TURNED>
  __device__ inline void
  store (float *to, int pitch)
  {
    int row = threadIdx.x % RAQAM_WARP / 8, column = threadIdx.x % 8;

    for (int i = 0; i < 4 * M; i++)
      for (int j = 0; j < 2 * N; j++)
        {
          int y = row + 4 * i, x = column + 8 * j;

          to[TURNED ? x * pitch + y : y * pitch + x] = sum[i][j];
        }
  }
};

#if RAQAM_TENSOR_CORES

template <typename Kind> struct RaqamTensor;

template <> struct RaqamTensor<RaqamTf32>
{
  using Element = nvcuda::wmma::precision::tf32;
  enum { DEPTH = 8 };
};

template <> struct RaqamTensor<RaqamBf16>
{
  using Element = bf16;
  enum { DEPTH = 16 };
};

template <bool TURNED> struct RaqamOrder { using Type = nvcuda::wmma::row_major; };
template <> struct RaqamOrder<true> { using Type = nvcuda::wmma::col_major; };

template <typename Kind, int M, int N, bool A_TURNED, bool B_TURNED>
struct RaqamTensorProduct
{
  using Factor = typename Kind::Factor;
  using Element = typename RaqamTensor<Kind>::Element;
  enum { DEPTH = RaqamTensor<Kind>::DEPTH };
  using A = nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, DEPTH, Element,
                                   typename RaqamOrder<A_TURNED>::Type>;
  using B = nvcuda::wmma::fragment<nvcuda::wmma::matrix_b, 16, 16, DEPTH, Element,
                                   typename RaqamOrder<B_TURNED>::Type>;

  nvcuda::wmma::fragment<nvcuda::wmma::accumulator, 16, 16, DEPTH, float> sum[M][N];

  __device__ inline void
  clear ()
  {
    for (int i = 0; i < M; i++)
      for (int j = 0; j < N; j++)
        nvcuda::wmma::fill_fragment (sum[i][j], 0.0f);
  }

  __device__ inline void
  add (const Factor *a, int a_pitch, const Factor *b, int b_pitch, int k)
  {
    for (int at = 0; at < k; at += DEPTH)
      {
        A left[M];

        for (int i = 0; i < M; i++)
          nvcuda::wmma::load_matrix_sync (
            left[i], A_TURNED ? a + at * a_pitch + 16 * i : a + 16 * i * a_pitch + at, a_pitch);
        for (int j = 0; j < N; j++)
          {
            B right;

            nvcuda::wmma::load_matrix_sync (
              right, B_TURNED ? b + 16 * j * b_pitch + at : b + at * b_pitch + 16 * j, b_pitch);
            for (int i = 0; i < M; i++)
              nvcuda::wmma::mma_sync (sum[i][j], left[i], right, sum[i][j]);
          }
      }
  }

  template <bool TURNED>
  __device__ inline void
  store (float *to, int pitch)
  {
    for (int i = 0; i < M; i++)
      for (int j = 0; j < N; j++)
        nvcuda::wmma::store_matrix_sync (
          to + (TURNED ? 16 * j * pitch + 16 * i : 16 * i * pitch + 16 * j), sum[i][j], pitch,
          TURNED ? nvcuda::wmma::mem_col_major : nvcuda::wmma::mem_row_major);
  }
};

#endif

template <typename Kind, int M, int N, bool A_TURNED, bool B_TURNED>
struct RaqamProductOf
{
#if RAQAM_TENSOR_CORES
  using Type = RaqamTensorProduct<Kind, M, N, A_TURNED, B_TURNED>;
#else
  using Type = RaqamPlainProduct<typename Kind::Factor, M, N, A_TURNED, B_TURNED>;
#endif
};

template <int M, int N, bool A_TURNED, bool B_TURNED>
struct RaqamProductOf<RaqamF32, M, N, A_TURNED, B_TURNED>
{
  using Type = RaqamPlainProduct<float, M, N, A_TURNED, B_TURNED>;
};

template <typename Kind, int M, int N, bool A_TURNED, bool B_TURNED>
using RaqamProduct = typename RaqamProductOf<Kind, M, N, A_TURNED, B_TURNED>::Type;

/* Calls run<Kind, tiles of 16 taps> (arguments) for a device's precision and for
 * factors of so many taps. */
#define RAQAM_BY_TAPS(run, Kind, n_taps, ...) \
  do                                          \
    {                                         \
      if ((n_taps) <= 16)                     \
        run<Kind, 1> (__VA_ARGS__);           \
      else if ((n_taps) <= 32)                \
        run<Kind, 2> (__VA_ARGS__);           \
      else                                    \
        run<Kind, 4> (__VA_ARGS__);           \
    }                                         \
  while (0)

#define RAQAM_BY_PRECISION(run, precision, n_taps, ...)         \
  do                                                            \
    {                                                           \
      if ((precision) == RAQAM_PRECISION_BF16)                  \
        RAQAM_BY_TAPS (run, RaqamBf16, n_taps, __VA_ARGS__);    \
      else if ((precision) == RAQAM_PRECISION_TF32)             \
        RAQAM_BY_TAPS (run, RaqamTf32, n_taps, __VA_ARGS__);    \
      else                                                      \
        RAQAM_BY_TAPS (run, RaqamF32, n_taps, __VA_ARGS__);     \
    }                                                           \
  while (0)
