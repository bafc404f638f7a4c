/* critic-scale.c — how near unseen real digits come to those that are known.
 * SPDX-License-Identifier: MIT */

#include "engine/critic-scale.h"

#include <math.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES

void
raqam_critic_scale_start (RaqamCriticScale *self, const RaqamDataset *test)
{
  const guint8 *labels = raqam_dataset_get_labels (test);
  guint seen[N_CLASSES] = { 0 };

  memset (self, 0, sizeof *self);
  for (guint32 i = 0; i < raqam_dataset_get_n (test); i++)
    {
      int c = labels[i];
      guint count = raqam_dataset_get_count (test, c);
      guint wanted = MIN (count, RAQAM_CRITIC_SAMPLE);

      /* Number seen of count belongs to sample seen · wanted / count: its first is taken. */
      if ((guint64) seen[c]++ * wanted / count >= (guint) self->n[c])
        self->chosen[c][self->n[c]++] = i;
    }
}

int
raqam_critic_scale_next (const RaqamCriticScale *self, guint32 *image, int digit)
{
  for (int i = 0; i < N_CLASSES; i++)
    {
      int c = (digit + i) % N_CLASSES;

      if (self->n_done[c] < self->n[c])
        {
          *image = self->chosen[c][self->n_done[c]];
          return c;
        }
    }
  return -1;
}

void
raqam_critic_scale_add (RaqamCriticScale *self, int digit, double distance)
{
  int place = self->n_done[digit]++;
  float *distances = self->distances[digit];

  for (; place > 0 && distances[place - 1] > distance; place--)
    distances[place] = distances[place - 1];
  distances[place] = (float) distance;
}

gboolean
raqam_critic_scale_is_known (const RaqamCriticScale *self, int digit)
{
  return self->n[digit] > 0 && self->n_done[digit] == self->n[digit];
}

double
raqam_critic_scale_quantile (const RaqamCriticScale *self, int digit, double share)
{
  int rank = (int) ceil (share * self->n[digit]);

  g_return_val_if_fail (raqam_critic_scale_is_known (self, digit), NAN);

  return self->distances[digit][CLAMP (rank, 1, self->n[digit]) - 1];
}
