/* cudnn-convolution.cc — the convolutions of the emulated cuDNN.
 * SPDX-License-Identifier: MIT
 *
 * All three passes come down to adding rows to rows, channel by channel. Rows are
 * added in eights, which g++ gives to the processor's vectors. */

#include "cudnn-convolution.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace
{

constexpr int64_t EIGHT = 8;
constexpr int64_t WIDE = 4 * EIGHT;

typedef float Eight __attribute__ ((vector_size (EIGHT * sizeof (float)), aligned (4)));

/* Rows of factors: row i is at @row + i·@step, and is added @scale[i·@scale_step] times. */
struct Rows
{
  const float *row;
  int64_t      step;
  const float *scale;
  int64_t      scale_step;
  int64_t      n;
};

template <int N>
void
add_columns (float *to, const Rows &rows, int64_t column)
{
  Eight sums[N];

  memcpy (sums, to + column, sizeof sums);
  for (int64_t i = 0; i < rows.n; i++)
    {
      auto *row = reinterpret_cast<const Eight *> (rows.row + i * rows.step + column);
      float scale = rows.scale[i * rows.scale_step];

      for (int k = 0; k < N; k++)
        sums[k] += row[k] * scale;
    }
  memcpy (to + column, sums, sizeof sums);
}

/* to (@m) += the rows of @m values. */
void
add_rows (float *to, int64_t m, const Rows &rows)
{
  int64_t column = 0;

  for (; column + WIDE <= m; column += WIDE)
    add_columns<WIDE / EIGHT> (to, rows, column);
  for (; column < m; column += EIGHT)
    add_columns<1> (to, rows, column);
}

float
from_bits (uint32_t bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

uint32_t
to_bits (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* To nearest, ties to even; infinity and NaN as they are. */
uint16_t
to_bf16 (float value)
{
  uint32_t bits = to_bits (value);

  if (value != value)
    return static_cast<uint16_t> (bits >> 16 | 0x40);
  return static_cast<uint16_t> ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float
round_to (CudnnRounding rounding, float value)
{
  uint32_t bits = to_bits (value);

  if (rounding == CUDNN_ROUNDING_NONE || (bits & 0x7f800000) == 0x7f800000)
    return value;
  if (rounding == CUDNN_ROUNDING_BF16)
    return from_bits (static_cast<uint32_t> (to_bf16 (value)) << 16);
  return from_bits ((bits + 0x1000) & ~0x1fffu);
}

std::vector<float>
read (const CudnnTensor &tensor, CudnnRounding rounding)
{
  std::vector<float> values (tensor.count ());
  auto *floats = static_cast<const float *> (tensor.data);
  auto *halves = static_cast<const uint16_t *> (tensor.data);

  for (size_t i = 0; i < values.size (); i++)
    values[i] = tensor.type == CUDNN_DATA_FLOAT
                    ? round_to (rounding, floats[i])
                    : from_bits (static_cast<uint32_t> (halves[i]) << 16);
  return values;
}

void
write (const CudnnTensor &tensor, size_t at, const float *values, size_t n)
{
  auto *floats = static_cast<float *> (tensor.data) + at;
  auto *halves = static_cast<uint16_t *> (tensor.data) + at;

  for (size_t i = 0; i < n; i++)
    if (tensor.type == CUDNN_DATA_FLOAT)
      floats[i] = values[i];
    else
      halves[i] = to_bf16 (values[i]);
}

bool
is_zero (const std::vector<float> &values)
{
  return std::all_of (values.begin (), values.end (), [] (float value) { return value == 0.0f; });
}

/* Weights (K, R, S, C) with K innermost: (R, S, C, K). */
std::vector<float>
turn (const CudnnTensor &w, const std::vector<float> &weights)
{
  std::vector<float> turned (weights.size ());
  int64_t rest = w.h * w.w * w.c;

  for (int64_t k = 0; k < w.n; k++)
    for (int64_t i = 0; i < rest; i++)
      turned[i * w.n + k] = weights[k * rest + i];
  return turned;
}

/* Calls @visit (oy, iy, r) for each row of y and of the kernel that meets a row of x. */
template <typename Visit>
void
each_row (const CudnnRun &run, Visit visit)
{
  for (int64_t oy = 0; oy < run.y.h; oy++)
    for (int64_t r = 0; r < run.w.h; r++)
      {
        int64_t iy = oy * run.stride - run.pad_h + r;

        if (iy >= 0 && iy < run.x.h)
          visit (oy, iy, r);
      }
}

/* The columns of y whose window has column @s of the kernel within x: @begin to @end. */
void
columns_of (const CudnnRun &run, int64_t s, int64_t *begin, int64_t *end)
{
  auto inside = [&run, s] (int64_t ox) {
    int64_t ix = ox * run.stride - run.pad_w + s;

    return ix >= 0 && ix < run.x.w;
  };

  for (*begin = 0; *begin < run.y.w && !inside (*begin);)
    ++*begin;
  for (*end = *begin; *end < run.y.w && inside (*end);)
    ++*end;
}

void
forward (const CudnnRun &run, const std::vector<float> &x, const std::vector<float> &w)
{
  std::vector<float> turned = turn (run.w, w);
  std::vector<float> sums (run.y.h * run.y.w * run.y.c);

  for (int64_t n = 0; n < run.y.n; n++)
    {
      const float *image = x.data () + n * run.x.h * run.x.w * run.x.c;

      std::fill (sums.begin (), sums.end (), 0.0f);
      each_row (run, [&] (int64_t oy, int64_t iy, int64_t r) {
        for (int64_t s = 0; s < run.w.w; s++)
          {
            int64_t begin, end;

            columns_of (run, s, &begin, &end);
            for (int64_t ox = begin; ox < end; ox++)
              {
                int64_t ix = ox * run.stride - run.pad_w + s;

                add_rows (&sums[(oy * run.y.w + ox) * run.y.c], run.y.c,
                          { &turned[(r * run.w.w + s) * run.w.c * run.w.n], run.w.n,
                            image + (iy * run.x.w + ix) * run.x.c, 1, run.x.c });
              }
          }
      });
      write (run.y, n * sums.size (), sums.data (), sums.size ());
    }
}

void
backward_data (const CudnnRun &run, const std::vector<float> &y, const std::vector<float> &w)
{
  std::vector<float> sums (run.x.h * run.x.w * run.x.c);

  for (int64_t n = 0; n < run.x.n; n++)
    {
      const float *image = y.data () + n * run.y.h * run.y.w * run.y.c;

      std::fill (sums.begin (), sums.end (), 0.0f);
      each_row (run, [&] (int64_t oy, int64_t iy, int64_t r) {
        for (int64_t s = 0; s < run.w.w; s++)
          {
            int64_t begin, end;

            columns_of (run, s, &begin, &end);
            for (int64_t ox = begin; ox < end; ox++)
              {
                int64_t ix = ox * run.stride - run.pad_w + s;

                add_rows (&sums[(iy * run.x.w + ix) * run.x.c], run.x.c,
                          { &w[(r * run.w.w + s) * run.w.c], run.w.h * run.w.w * run.w.c,
                            image + (oy * run.y.w + ox) * run.y.c, 1, run.y.c });
              }
          }
      });
      write (run.x, n * sums.size (), sums.data (), sums.size ());
    }
}

/* A batch's products are too many for one float: each image's sums are added up in
 * double. */
void
backward_filter (const CudnnRun &run, const std::vector<float> &x, const std::vector<float> &y)
{
  std::vector<float> sums (run.w.count ());
  std::vector<double> totals (run.w.count ());

  for (int64_t n = 0; n < run.x.n; n++)
    {
      std::fill (sums.begin (), sums.end (), 0.0f);
      each_row (run, [&] (int64_t oy, int64_t iy, int64_t r) {
        for (int64_t s = 0; s < run.w.w; s++)
          {
            int64_t begin, end;

            columns_of (run, s, &begin, &end);
            if (begin == end)
              continue;

            int64_t ix = begin * run.stride - run.pad_w + s;
            const float *in = &x[((n * run.x.h + iy) * run.x.w + ix) * run.x.c];
            const float *out = &y[((n * run.y.h + oy) * run.y.w + begin) * run.y.c];

            for (int64_t k = 0; k < run.w.n; k++)
              add_rows (&sums[((k * run.w.h + r) * run.w.w + s) * run.w.c], run.w.c,
                        { in, run.stride * run.x.c, out + k, run.y.c, end - begin });
          }
      });
      std::transform (totals.begin (), totals.end (), sums.begin (), totals.begin (),
                      [] (double total, float sum) { return total + sum; });
    }

  std::copy (totals.begin (), totals.end (), sums.begin ());
  write (run.w, 0, sums.data (), sums.size ());
}

}

const CudnnTensor &
cudnn_result (const CudnnRun &run)
{
  return run.pass == CUDNN_PASS_FORWARD         ? run.y
         : run.pass == CUDNN_PASS_BACKWARD_DATA ? run.x
                                                : run.w;
}

/* Plans are timed on zeros, again and again: then there is nothing to add. */
void
cudnn_convolve (const CudnnRun &run)
{
  const CudnnTensor &result = cudnn_result (run);
  const CudnnTensor *factors[2];
  std::vector<float> values[2];
  int n = 0;

  for (const CudnnTensor *tensor : { &run.x, &run.y, &run.w })
    if (tensor != &result)
      factors[n++] = tensor;
  for (int i = 0; i < 2; i++)
    {
      values[i] = read (*factors[i], run.rounding);
      if (is_zero (values[i]))
        {
          memset (result.data, 0, result.size ());
          return;
        }
    }

  if (run.pass == CUDNN_PASS_FORWARD)
    forward (run, values[0], values[1]);
  else if (run.pass == CUDNN_PASS_BACKWARD_DATA)
    backward_data (run, values[0], values[1]);
  else
    backward_filter (run, values[0], values[1]);
}
