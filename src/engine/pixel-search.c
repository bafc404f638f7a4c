/* pixel-search.c — the pictures nearest to one by their pixels, a part at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/pixel-search.h"

#include <math.h>
#include <string.h>

/* Bytes between two looks at whether a picture is too far already: a multiple of what a
 * vector holds. Most are after a few. */
#define PART 112

G_STATIC_ASSERT (RAQAM_IMAGE_SIZE % PART == 0);

void
raqam_pixel_search_start (RaqamPixelSearch *self, const guint8 *pixels, int wanted)
{
  g_return_if_fail (wanted >= 1 && wanted <= RAQAM_PIXEL_SEARCH_MOST);

  memset (self, 0, sizeof *self);
  memcpy (self->pixels, pixels, sizeof self->pixels);
  self->wanted = wanted;
}

static guint32
part_square (const guint8 *a, const guint8 *b)
{
  int sum = 0;

  for (int i = 0; i < PART; i++)
    {
      int difference = a[i] - b[i];

      sum += difference * difference;
    }
  return (guint32) sum;
}

/* Returns: the sum; or at least @limit, once that is reached */
static guint32
square (const guint8 *a, const guint8 *b, guint32 limit)
{
  guint32 sum = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE && sum < limit; i += PART)
    sum += part_square (a + i, b + i);
  return sum;
}

static void
insert (RaqamPixelSearch *self, guint32 index, guint32 sum)
{
  int place;

  if (self->n < self->wanted)
    self->n++;
  for (place = self->n - 1; place > 0 && self->squares[place - 1] > sum; place--)
    {
      self->squares[place] = self->squares[place - 1];
      self->indices[place] = self->indices[place - 1];
    }
  self->squares[place] = sum;
  self->indices[place] = index;
}

gboolean
raqam_pixel_search_go_on (RaqamPixelSearch *self, const guint8 *images, gsize n, gsize at_most)
{
  gsize end = self->next + MIN (at_most, n - self->next);

  for (; self->next < end; self->next++)
    {
      guint32 limit = self->n < self->wanted ? G_MAXUINT32 : self->squares[self->n - 1];
      guint32 sum = square (self->pixels, images + self->next * RAQAM_IMAGE_SIZE, limit);

      if (sum < limit)
        insert (self, (guint32) self->next, sum);
    }
  return self->next == n;
}

double
raqam_pixel_search_distance (const RaqamPixelSearch *self, int neighbour)
{
  g_return_val_if_fail (neighbour >= 0 && neighbour < self->n, NAN);

  return sqrt (self->squares[neighbour] / (double) RAQAM_IMAGE_SIZE) / 255;
}
