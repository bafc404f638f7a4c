/* philox.h — counter-based random numbers, the same on every backend.
 * SPDX-License-Identifier: MIT
 *
 * Philox 4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011. Nothing is stored between calls: a number is a
 * pure function of (seed, step, stream, index), so a resumed run draws exactly
 * what it would have drawn, and a mask can be made again in the backward pass.
 *
 * Key: the seed's low and high word. Counter: (index / 4, stream, the step's
 * low word, the step's high word). Number `index` is word index % 4.
 */

#pragma once

#include <math.h>
#include <stdint.h>

/* Kernels call these functions too. */
#ifdef __CUDACC__
#define RAQAM_PHILOX_FUNCTION static __host__ __device__ inline
#else
#define RAQAM_PHILOX_FUNCTION static inline
#endif

typedef struct
{
  uint32_t word[4];
} RaqamPhilox;

/**
 * raqam_philox:
 *
 * Returns: the four words of block @block of @stream at @step
 */
RAQAM_PHILOX_FUNCTION RaqamPhilox
raqam_philox (uint64_t seed, uint64_t step, uint32_t stream, uint32_t block)
{
  uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);
  uint32_t c0 = block, c1 = stream, c2 = (uint32_t) step, c3 = (uint32_t) (step >> 32);
  RaqamPhilox words;

  for (int round = 0; round < 10; round++)
    {
      uint64_t p0 = (uint64_t) 0xD2511F53u * c0;
      uint64_t p1 = (uint64_t) 0xCD9E8D57u * c2;
      uint32_t n0 = (uint32_t) (p1 >> 32) ^ c1 ^ k0;
      uint32_t n2 = (uint32_t) (p0 >> 32) ^ c3 ^ k1;

      c1 = (uint32_t) p1;
      c3 = (uint32_t) p0;
      c0 = n0;
      c2 = n2;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }

  words.word[0] = c0;
  words.word[1] = c1;
  words.word[2] = c2;
  words.word[3] = c3;
  return words;
}

/**
 * raqam_philox_uniform:
 *
 * Returns: @word as a number strictly between 0 and 1, exact in float
 */
RAQAM_PHILOX_FUNCTION float
raqam_philox_uniform (uint32_t word)
{
  return ((float) (word >> 9) + 0.5f) * (1.0f / 8388608.0f);
}

/**
 * raqam_philox_normal:
 * @normal: four numbers, overwritten
 *
 * Turns a block into four standard normal numbers (Box and Muller, 1958):
 * words 0 and 1 give @normal 0 (cosine) and 1 (sine), words 2 and 3 the others.
 */
RAQAM_PHILOX_FUNCTION void
raqam_philox_normal (float normal[4], RaqamPhilox block)
{
  for (int pair = 0; pair < 4; pair += 2)
    {
      float radius = sqrtf (-2.0f * logf (raqam_philox_uniform (block.word[pair])));
      float angle = 6.28318530717958647692f * raqam_philox_uniform (block.word[pair + 1]);

      normal[pair] = radius * cosf (angle);
      normal[pair + 1] = radius * sinf (angle);
    }
}

/**
 * raqam_philox_keep_threshold:
 * @rate: share of values that dropout drops, in [0, 1)
 *
 * Returns: dropout keeps value i exactly where word i is at least this
 */
RAQAM_PHILOX_FUNCTION uint32_t
raqam_philox_keep_threshold (float rate)
{
  return (uint32_t) (rate * 4294967296.0);
}
