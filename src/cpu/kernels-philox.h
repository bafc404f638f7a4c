/* kernels-philox.h — many words of Philox at once.
 * SPDX-License-Identifier: MIT
 *
 * Included by the kernels-*.c files only. The compiler does not see by itself
 * that a product of two 32-bit numbers is one instruction on a vector of 64-bit
 * lanes; told so, a word costs a fifth of what it costs one by one. */

#pragma once

#include <string.h>

#include <glib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
#define RAQAM_VECTOR 64
#define RAQAM_MULTIPLY(a, b) ((RaqamLanes) _mm512_mul_epu32 ((__m512i) (a), (__m512i) (b)))
#elif defined(__AVX2__)
#define RAQAM_VECTOR 32
#define RAQAM_MULTIPLY(a, b) ((RaqamLanes) _mm256_mul_epu32 ((__m256i) (a), (__m256i) (b)))
#elif defined(__SSE2__)
#define RAQAM_VECTOR 16
#define RAQAM_MULTIPLY(a, b) ((RaqamLanes) _mm_mul_epu32 ((__m128i) (a), (__m128i) (b)))
#else
#define RAQAM_VECTOR 16
#define RAQAM_MULTIPLY(a, b) (((a) & 0xFFFFFFFFu) * (b))
#endif

/* Two words as they follow each other in memory. */
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define RAQAM_PAIR(a, b) (((a) & 0xFFFFFFFFu) | ((b) << 32))
#else
#define RAQAM_PAIR(a, b) (((a) << 32) | ((b) & 0xFFFFFFFFu))
#endif

/* Each lane holds a 32-bit word; what stands above it is never looked at. */
typedef guint64 RaqamLanes __attribute__ ((vector_size (RAQAM_VECTOR)));

/* Blocks made at once: two vectors, so that one multiplies while the other waits. */
#define RAQAM_PHILOX_BLOCKS (2 * RAQAM_VECTOR / 8)
#define RAQAM_PHILOX_WORDS  (4 * RAQAM_PHILOX_BLOCKS)

/**
 * raqam_philox_words:
 * @words: (RAQAM_PHILOX_WORDS): those of raqam_philox () for blocks @block,
 *   @block + 1, …
 */
static inline void
raqam_philox_words (guint32 *restrict words, guint64 seed, guint64 step, guint32 stream,
                    guint32 block)
{
  guint32 k0 = (guint32) seed, k1 = (guint32) (seed >> 32);
  const RaqamLanes zero = { 0 };
  const RaqamLanes m0 = zero + 0xD2511F53u;
  const RaqamLanes m1 = zero + 0xCD9E8D57u;
  RaqamLanes c[4][2];

  for (int i = 0; i < 2; i++)
    {
      for (int lane = 0; lane < RAQAM_VECTOR / 8; lane++)
        c[0][i][lane] = lane;
      c[0][i] += block + i * (RAQAM_VECTOR / 8);
      c[1][i] = zero + stream;
      c[2][i] = zero + (guint32) step;
      c[3][i] = zero + (step >> 32);
    }

  for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
    for (int i = 0; i < 2; i++)
      {
        RaqamLanes p0 = RAQAM_MULTIPLY (c[0][i], m0);
        RaqamLanes p1 = RAQAM_MULTIPLY (c[2][i], m1);

        c[0][i] = (p1 >> 32) ^ c[1][i] ^ k0;
        c[2][i] = (p0 >> 32) ^ c[3][i] ^ k1;
        c[1][i] = p1;
        c[3][i] = p0;
      }

  for (int i = 0; i < 2; i++)
    {
      RaqamLanes first = RAQAM_PAIR (c[0][i], c[1][i]);
      RaqamLanes second = RAQAM_PAIR (c[2][i], c[3][i]);

      for (int lane = 0; lane < RAQAM_VECTOR / 8; lane++, words += 4)
        memcpy (words, (guint64[]) { first[lane], second[lane] }, 4 * sizeof *words);
    }
}
