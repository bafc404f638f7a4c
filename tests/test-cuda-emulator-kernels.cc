/* test-cuda-emulator-kernels.cc — threads, barriers, shuffles and tensor cores that pretend.
 * SPDX-License-Identifier: MIT */

#include "test-gpu.h"

#define N_THREADS 256

/* Threads. */

static __global__ void
number_kernel (unsigned *out)
{
  unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);

  out[block * blockDim.x * blockDim.y * blockDim.z + thread] += 1 + thread;
}

/* Each thread of each block runs once, and knows its place. */
static void
test_places (void)
{
  dim3 grid (3, 2, 4), block (5, 7, 2);

  for (int order = 0; order < ORDERS; order++)
    {
      std::vector<unsigned> zero (24 * 70);
      unsigned *out = put (zero);

      reset (order);
      RAQAM_LAUNCH (number_kernel, grid, block, 0, nullptr, out);
      std::vector<unsigned> got = get (out, zero.size ());
      for (size_t i = 0; i < got.size (); i++)
        g_assert_cmpuint (got[i], ==, 1 + i % 70);
      cudaFree (out);
    }
}

/* Turns each block's numbers round, through shared memory of both kinds. */
static __global__ void
turn_kernel (int *out, const int *in, bool with_barrier)
{
  __shared__ int kept[N_THREADS];
  RAQAM_SHARED (int, dynamic);
  int thread = threadIdx.x;

  kept[thread] = in[blockIdx.x * blockDim.x + thread];
  if (with_barrier)
    __syncthreads ();
  dynamic[thread] = kept[N_THREADS - 1 - thread];
  __syncthreads ();
  out[blockIdx.x * blockDim.x + thread] = dynamic[thread];
}

static std::vector<int>
turn (bool with_barrier)
{
  std::vector<int> numbers (4 * N_THREADS);

  for (size_t i = 0; i < numbers.size (); i++)
    numbers[i] = i;

  int *in = put (numbers), *out = new_memory<int> (numbers.size ());

  RAQAM_LAUNCH (turn_kernel, 4, N_THREADS, N_THREADS * sizeof (int), nullptr, out, in,
                with_barrier);
  numbers = get (out, numbers.size ());
  cudaFree (in);
  cudaFree (out);
  return numbers;
}

static void
test_barrier (void)
{
  for (int order = 0; order < ORDERS; order++)
    {
      reset (order);
      std::vector<int> got = turn (true);
      for (size_t i = 0; i < got.size (); i++)
        g_assert_cmpint (got[i], ==, i / N_THREADS * N_THREADS + N_THREADS - 1 - i % N_THREADS);
    }
}

/* What depends on the threads' order for want of a barrier comes out otherwise in another. */
static void
test_missing_barrier (void)
{
  reset (0);
  std::vector<int> forward = turn (false);

  for (int order = 1; order < ORDERS; order++)
    {
      reset (order);
      g_assert_true (turn (false) != forward);
    }
}

static __global__ void
stray_kernel (int *out, int kind)
{
  if (kind == 0 && threadIdx.x == 3)
    return;
  if (kind == 1 && threadIdx.x == 3)
    __syncthreads ();
  else
    __syncthreads ();
  if (kind == 2 && threadIdx.x != 40)
    __syncwarp ();
  if (kind == 3 && threadIdx.x >= 32)
    __shfl_xor_sync (0xffffffffu, 1, 1);
  if (kind == 4)
    __shfl_xor_sync (0xffffu, 1, 1);
  out[threadIdx.x] = 1;
}

static void
test_strays (void)
{
  /* How many threads: kind 3 fails for its last warp only, which is none. */
  static const int blocks[] = { 64, 64, 64, 48, 64 };
  int *out = new_memory<int> (64);

  for (int order = 0; order < ORDERS; order++)
    for (int kind = 0; kind < 5; kind++)
      {
        reset (order);
        RAQAM_LAUNCH (stray_kernel, 1, blocks[kind], 0, nullptr, out, kind);
        assert_status (cudaGetLastError (), cudaSuccess);
        assert_status (cudaDeviceSynchronize (), cudaErrorLaunchFailure);
        assert_status (cudaGetLastError (), cudaErrorLaunchFailure);
      }

  reset (0);
  RAQAM_LAUNCH (stray_kernel, 1, 64, 0, nullptr, out, 5);
  assert_status (cudaDeviceSynchronize (), cudaSuccess);
  cudaFree (out);
}

template <typename T>
static __global__ void
shuffle_kernel (T *sums, T *downs)
{
  T sum = static_cast<T> (threadIdx.x);

  for (int lanes = 16; lanes > 0; lanes /= 2)
    sum += __shfl_xor_sync (0xffffffffu, sum, lanes);
  sums[threadIdx.x] = sum;
  downs[threadIdx.x] = __shfl_down_sync (0xffffffffu, static_cast<T> (threadIdx.x), 5u);
}

template <typename T>
static void
check_shuffle (void)
{
  T *sums = new_memory<T> (64), *downs = new_memory<T> (64);

  RAQAM_LAUNCH ((shuffle_kernel<T>), 1, 64, 0, nullptr, sums, downs);
  std::vector<T> sum = get (sums, 64), down = get (downs, 64);
  for (int i = 0; i < 64; i++)
    {
      g_assert_true (sum[i] == (i < 32 ? 496 : 496 + 1024));
      g_assert_true (down[i] == static_cast<T> (i % 32 < 27 ? i + 5 : i));
    }
  cudaFree (sums);
  cudaFree (downs);
}

static void
test_shuffle (void)
{
  for (int order = 0; order < ORDERS; order++)
    {
      reset (order);
      check_shuffle<float> ();
      check_shuffle<double> ();
      check_shuffle<unsigned> ();
    }
}

/* Products. */

using namespace nvcuda;

template <typename T, int K, typename Value, typename LayoutA, typename LayoutB>
static __global__ void
product_kernel (float *out, const Value *a, const Value *b, wmma::layout_t layout)
{
  constexpr bool a_rows = std::is_same<LayoutA, wmma::row_major>::value;
  constexpr bool b_rows = std::is_same<LayoutB, wmma::row_major>::value;
  wmma::fragment<wmma::matrix_a, 16, 16, K, T, LayoutA> left;
  wmma::fragment<wmma::matrix_b, 16, 16, K, T, LayoutB> right;
  wmma::fragment<wmma::accumulator, 16, 16, K, float> sum;

  wmma::load_matrix_sync (left, a, a_rows ? K : 16);
  wmma::load_matrix_sync (right, b, b_rows ? 16 : K);
  wmma::fill_fragment (sum, 0.5f);
  wmma::mma_sync (sum, left, right, sum);
  wmma::store_matrix_sync (out, sum, 16, layout);
}

template <typename T, int K, typename Value, typename LayoutA, typename LayoutB>
static void
check_product (wmma::layout_t layout)
{
  constexpr bool a_rows = std::is_same<LayoutA, wmma::row_major>::value;
  constexpr bool b_rows = std::is_same<LayoutB, wmma::row_major>::value;
  std::vector<Value> a (16 * K), b (16 * K);

  for (int i = 0; i < 16 * K; i++)
    {
      a[i] = static_cast<Value> (static_cast<float> (i * 37 % 23 - 11));
      b[i] = static_cast<Value> (static_cast<float> (i * 53 % 19 - 9));
    }

  Value *left = put (a), *right = put (b);
  float *out = new_memory<float> (256);

  RAQAM_LAUNCH ((product_kernel<T, K, Value, LayoutA, LayoutB>), 1, 32, 0, nullptr, out, left,
                right, layout);
  std::vector<float> got = get (out, 256);
  for (int m = 0; m < 16; m++)
    for (int n = 0; n < 16; n++)
      {
        float want = 0.5f;

        for (int k = 0; k < K; k++)
          want += static_cast<float> (a[a_rows ? m * K + k : k * 16 + m])
                  * static_cast<float> (b[b_rows ? k * 16 + n : n * K + k]);
        g_assert_cmpfloat (got[layout == wmma::mem_row_major ? m * 16 + n : n * 16 + m], ==, want);
      }
  cudaFree (left);
  cudaFree (right);
  cudaFree (out);
}

template <typename T, int K, typename Value>
static void
check_products (void)
{
  for (int order = 0; order < 3; order++)
    {
      reset (order);
      check_product<T, K, Value, wmma::row_major, wmma::row_major> (wmma::mem_row_major);
      check_product<T, K, Value, wmma::row_major, wmma::col_major> (wmma::mem_col_major);
      check_product<T, K, Value, wmma::col_major, wmma::row_major> (wmma::mem_row_major);
      check_product<T, K, Value, wmma::col_major, wmma::col_major> (wmma::mem_col_major);
    }
}

static void
test_products (void)
{
  check_products<__nv_bfloat16, 16, __nv_bfloat16> ();
  check_products<wmma::precision::tf32, 8, float> ();
}

static void
test_tf32 (void)
{
  /* 1 + 2⁻¹¹ lies half-way between 1 and the next number of TF32. */
  g_assert_cmpfloat (wmma::__float_to_tf32 (1 + 0x1p-11f), ==, 1 + 0x1p-10f);
  g_assert_cmpfloat (wmma::__float_to_tf32 (1 + 0x1p-12f), ==, 1);
  g_assert_cmpfloat (wmma::__float_to_tf32 (-3 - 0x1p-9f), ==, -3 - 0x1p-9f);
  g_assert_true (std::isnan (wmma::__float_to_tf32 (NAN)));
  g_assert_true (std::isinf (wmma::__float_to_tf32 (INFINITY)));
}

/* A GPU of 2018 has no tensor cores for either type. */
static void
test_old_products (void)
{
  RaqamEmulatorSettings settings = settings_of (0);
  __nv_bfloat16 *in = new_memory<__nv_bfloat16> (256);
  float *out = new_memory<float> (256);

  settings.compute = 75;
  raqam_emulator_reset (&settings);
  RAQAM_LAUNCH ((product_kernel<__nv_bfloat16, 16, __nv_bfloat16, wmma::row_major, wmma::row_major>),
                1, 32, 0, nullptr, out, in, in, wmma::mem_row_major);
  assert_status (cudaDeviceSynchronize (), cudaErrorLaunchFailure);

  reset (0);
  cudaFree (in);
  cudaFree (out);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, nullptr);

  g_test_add_func ("/cuda-emulator-kernels/places", test_places);
  g_test_add_func ("/cuda-emulator-kernels/barrier", test_barrier);
  g_test_add_func ("/cuda-emulator-kernels/missing-barrier", test_missing_barrier);
  g_test_add_func ("/cuda-emulator-kernels/strays", test_strays);
  g_test_add_func ("/cuda-emulator-kernels/shuffle", test_shuffle);
  g_test_add_func ("/cuda-emulator-kernels/products", test_products);
  g_test_add_func ("/cuda-emulator-kernels/tf32", test_tf32);
  g_test_add_func ("/cuda-emulator-kernels/old-products", test_old_products);

  return g_test_run ();
}
