/* label-places.c — labels beside the ends of curves, apart from each other.
 * SPDX-License-Identifier: MIT */

#include "app/label-places.h"

/* A run of labels that touch each other: it wants to be where, on the mean, each of
 * its labels does. */
typedef struct
{
  double sum; /* of (what a label wants − its distance from the first) */
  int    n;
} Block;

static double
start_of (const Block *block, double apart, double low, double high)
{
  double start = MIN (block->sum / block->n, high - (block->n - 1) * apart);

  return MAX (start, low);
}

void
raqam_label_places (double *places, int n, double apart, double low, double high)
{
  int order[RAQAM_MAX_LABELS];
  Block blocks[RAQAM_MAX_LABELS];
  int n_blocks = 0;

  g_return_if_fail (n >= 0 && n <= RAQAM_MAX_LABELS);

  for (int i = 0; i < n; i++)
    {
      int at = i;

      for (; at > 0 && places[order[at - 1]] > places[i]; at--)
        order[at] = order[at - 1];
      order[at] = i;
    }
  for (int i = 0; i < n; i++)
    {
      blocks[n_blocks++] = (Block){ places[order[i]], 1 };
      while (n_blocks > 1)
        {
          Block *above = &blocks[n_blocks - 2], *below = &blocks[n_blocks - 1];

          if (start_of (above, apart, low, high) + above->n * apart
              <= start_of (below, apart, low, high))
            break;
          above->sum += below->sum - below->n * above->n * apart;
          above->n += below->n;
          n_blocks--;
        }
    }
  for (int b = 0, i = 0; b < n_blocks; b++)
    for (int k = 0; k < blocks[b].n; k++, i++)
      places[order[i]] = start_of (&blocks[b], apart, low, high) + k * apart;
}
