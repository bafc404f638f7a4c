/* wmma.h — the emulated tensor cores: nvcuda::wmma for bf16 and TF32.
 * SPDX-License-Identifier: MIT
 *
 * A fragment's values lie dealt out to the lanes of the warp, and the last lane to
 * come to mma_sync() multiplies for all. Loading and storing wait for nobody: what
 * other lanes wrote, or will read, needs a __syncwarp between, as on a GPU. Which
 * lane has which value is not as on a GPU, where it is not told either.
 */

#pragma once

namespace nvcuda
{
namespace wmma
{

struct row_major;
struct col_major;
struct matrix_a;
struct matrix_b;
struct accumulator;

namespace precision
{
struct tf32;
}

enum layout_t
{
  mem_row_major,
  mem_col_major,
};

/* To the nearest of 10 bits of fraction, halves away from zero: cvt.rna.tf32. */
static inline float
__float_to_tf32 (float x)
{
  uint32_t bits = raqam_emulator_bits<uint32_t> (x);

  if ((bits & 0x7f800000u) == 0x7f800000u)
    return x;
  return raqam_emulator_bits<float> ((bits + 0x1000u) & ~0x1fffu);
}

template <typename T> struct Element { using type = T; };
template <> struct Element<precision::tf32> { using type = float; };

/* What an element counts as in a product; TF32's multiplier looks at 10 bits of fraction. */
template <typename T> static inline float factor (float x) { return x; }
template <> inline float
factor<precision::tf32> (float x)
{
  return raqam_emulator_bits<float> (raqam_emulator_bits<uint32_t> (x) & ~0x1fffu);
}

template <typename Use, int M, int N, int K> struct Size;
template <int M, int N, int K> struct Size<matrix_a, M, N, K> { enum { rows = M, columns = K }; };
template <int M, int N, int K> struct Size<matrix_b, M, N, K> { enum { rows = K, columns = N }; };
template <int M, int N, int K> struct Size<accumulator, M, N, K> { enum { rows = M, columns = N }; };

template <typename Use, int M, int N, int K, typename T, typename Layout = void>
struct fragment
{
  using element = typename Element<T>::type;
  enum
  {
    rows = Size<Use, M, N, K>::rows,
    columns = Size<Use, M, N, K>::columns,
    num_elements = rows * columns / 32,
  };

  element x[num_elements]; /* value i of lane l is number 32 i + l, counted along rows */
};

template <typename Use, int M, int N, int K, typename T, typename Layout>
static inline void
fill_fragment (fragment<Use, M, N, K, T, Layout> &to, float value)
{
  for (auto &x : to.x)
    x = value;
}

/* Calls @each (value, its row, its column) for what this lane has of @fragment. */
template <typename Fragment, typename Each>
static inline void
for_own (Fragment &fragment, Each each)
{
  for (int i = 0; i < Fragment::num_elements; i++)
    {
      int number = 32 * i + raqam_emulator_lane ();

      each (fragment.x[i], number / Fragment::columns, number % Fragment::columns);
    }
}

static inline void
check_address (const void *memory, int line)
{
  if (reinterpret_cast<uintptr_t> (memory) % 32 != 0)
    raqam_emulator_fault ("a fragment's memory is not aligned to 32 bytes", line);
}

template <typename Fragment, typename T>
static inline void
load_from (Fragment &to, const T *from, unsigned stride, bool by_rows, int line)
{
  if (stride * sizeof (T) % 16 != 0)
    raqam_emulator_fault ("a fragment's stride is no multiple of 16 bytes", line);
  check_address (from, line);
  for_own (to, [=] (auto &x, int row, int column) {
    x = from[by_rows ? row * stride + column : column * stride + row];
  });
}

template <typename Use, int M, int N, int K, typename T, typename From>
static inline void
load_matrix_sync (fragment<Use, M, N, K, T, row_major> &to, const From *from, unsigned stride,
                  int line = __builtin_LINE ())
{
  load_from (to, from, stride, true, line);
}

template <typename Use, int M, int N, int K, typename T, typename From>
static inline void
load_matrix_sync (fragment<Use, M, N, K, T, col_major> &to, const From *from, unsigned stride,
                  int line = __builtin_LINE ())
{
  load_from (to, from, stride, false, line);
}

template <int M, int N, int K, typename T>
static inline void
load_matrix_sync (fragment<accumulator, M, N, K, T> &to, const T *from, unsigned stride,
                  layout_t layout, int line = __builtin_LINE ())
{
  load_from (to, from, stride, layout == mem_row_major, line);
}

template <int M, int N, int K, typename T>
static inline void
store_matrix_sync (T *to, const fragment<accumulator, M, N, K, T> &from, unsigned stride,
                   layout_t layout, int line = __builtin_LINE ())
{
  if (stride * sizeof (T) % 16 != 0)
    raqam_emulator_fault ("a fragment's stride is no multiple of 16 bytes", line);
  check_address (to, line);
  for_own (from, [=] (const auto &x, int row, int column) {
    to[layout == mem_row_major ? row * stride + column : column * stride + row] = x;
  });
}

/* d = a · b + c, of one lane. */
template <int M, int N, int K, typename T, typename LayoutA, typename LayoutB>
struct Product
{
  fragment<accumulator, M, N, K, float> *d;
  const fragment<matrix_a, M, N, K, T, LayoutA> *a;
  const fragment<matrix_b, M, N, K, T, LayoutB> *b;
  const fragment<accumulator, M, N, K, float> *c;

  /* The sanitizers would see nothing here, and take most of a test's time. */
  __attribute__ ((no_sanitize ("address", "undefined"))) static void
  all (void **arguments)
  {
    auto **lanes = reinterpret_cast<Product **> (arguments);
    float a[M][K], b[K][N], sums[M][N];

    for (int i = 0; i < M * K; i++)
      a[i / K][i % K] = factor<T> (static_cast<float> (lanes[i % 32]->a->x[i / 32]));
    for (int i = 0; i < K * N; i++)
      b[i / N][i % N] = factor<T> (static_cast<float> (lanes[i % 32]->b->x[i / 32]));
    for (int i = 0; i < M * N; i++)
      sums[i / N][i % N] = lanes[i % 32]->c->x[i / 32];

    for (int m = 0; m < M; m++)
      for (int k = 0; k < K; k++)
        for (int n = 0; n < N; n++)
          sums[m][n] += a[m][k] * b[k][n];

    for (int i = 0; i < M * N; i++)
      lanes[i % 32]->d->x[i / 32] = sums[i / N][i % N];
  }
};

template <int M, int N, int K, typename T, typename LayoutA, typename LayoutB>
static inline void
mma_sync (fragment<accumulator, M, N, K, float> &d,
          const fragment<matrix_a, M, N, K, T, LayoutA> &a,
          const fragment<matrix_b, M, N, K, T, LayoutB> &b,
          const fragment<accumulator, M, N, K, float> &c, int line = __builtin_LINE ())
{
  Product<M, N, K, T, LayoutA, LayoutB> product = { &d, &a, &b, &c };

  raqam_emulator_need_compute (80, "a product that this GPU has no tensor cores for", line);
  raqam_emulator_warp_barrier (line, &product, Product<M, N, K, T, LayoutA, LayoutB>::all);
}

} // namespace wmma
} // namespace nvcuda
