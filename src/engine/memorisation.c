/* memorisation.c — whether generated images are the training images again.
 * SPDX-License-Identifier: MIT */

#include "engine/memorisation.h"

#include <stdlib.h>

static int
rising_cb (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static float *
new_sorted (const float *x, gsize n)
{
  float *sorted = g_memdup2 (x, n * sizeof *x);

  qsort (sorted, n, sizeof *sorted, rising_cb);
  return sorted;
}

double
raqam_memorisation (const float *generated, gsize n_generated, const float *unseen, gsize n_unseen)
{
  g_autofree float *near = NULL;
  g_autofree float *far = NULL;
  gsize below = 0, not_above = 0;
  double nearer = 0;

  g_return_val_if_fail (generated != NULL && n_generated > 0, 0.5);
  g_return_val_if_fail (unseen != NULL && n_unseen > 0, 0.5);

  near = new_sorted (generated, n_generated);
  far = new_sorted (unseen, n_unseen);
  for (gsize i = 0; i < n_unseen; i++)
    {
      while (below < n_generated && near[below] < far[i])
        below++;
      while (not_above < n_generated && near[not_above] <= far[i])
        not_above++;
      nearer += below + (not_above - below) / 2.0;
    }
  return nearer / n_generated / n_unseen;
}
