/* shuffle.c — the order in which an epoch takes its images.
 * SPDX-License-Identifier: MIT */

#include "engine/shuffle.h"

#include "engine/philox.h"
#include "engine/stream.h"

void
raqam_shuffle (guint32 *order, gsize n, guint64 seed, guint64 epoch)
{
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  for (gsize i = 0; i + 1 < n; i++)
    {
      RaqamPhilox block = raqam_philox (seed, epoch, RAQAM_STREAM_SHUFFLE, (guint32) (i / 4));
      gsize other = i + (gsize) (((guint64) block.word[i % 4] * (n - i)) >> 32);
      guint32 kept = order[i];

      order[i] = order[other];
      order[other] = kept;
    }
}
