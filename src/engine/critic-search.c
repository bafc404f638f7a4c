/* critic-search.c — the real digits nearest to a picture, a part at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/critic-search.h"

#include <string.h>

/* Images that are looked at in one go: about half a millisecond. */
#define SEARCHED_AT_A_TIME 4096

#define SEARCH_EVERY (G_USEC_PER_SEC / 10)

/* Between two unseen digits, so that measuring them takes no more than half a core. */
#define MEASURE_EVERY (G_USEC_PER_SEC / 50)

void
raqam_critic_search_forget (RaqamCriticSearch *self)
{
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_clear_pointer (&self->searched, g_bytes_unref);
  self->waiting = FALSE;
  self->searching = FALSE;
}

void
raqam_critic_search_set_data (RaqamCriticSearch *self, const RaqamEvaluationData *data)
{
  raqam_critic_search_forget (self);
  memset (self, 0, sizeof *self);
  self->data = data;
  if (data != NULL)
    raqam_critic_scale_start (&self->scale, data->test);
}

void
raqam_critic_search_ask (RaqamCriticSearch *self, GBytes *pixels, const guint8 *seen, int digit)
{
  g_clear_pointer (&self->pixels, g_bytes_unref);
  self->pixels = g_bytes_ref (pixels);
  memcpy (self->seen, seen, sizeof self->seen);
  self->digit = digit;
  self->waiting = TRUE;
}

gint64
raqam_critic_search_due (const RaqamCriticSearch *self)
{
  gint64 next = G_MAXINT64;

  if (self->data == NULL)
    return G_MAXINT64;
  if (self->searching)
    return 0;
  if (self->waiting)
    next = self->search_due;
  if (self->measured_digit >= 0)
    next = MIN (next, self->measure_due);
  return next;
}

static void
start_search (RaqamCriticSearch *self)
{
  raqam_pixel_search_start (&self->search, self->seen, RAQAM_CRITIC_NEIGHBOURS);
  g_clear_pointer (&self->searched, g_bytes_unref);
  self->searched = g_steal_pointer (&self->pixels);
  self->searched_digit = self->digit;
  self->searching = TRUE;
  self->waiting = FALSE;
  self->search_due = g_get_monotonic_time () + SEARCH_EVERY;
}

static gboolean
look_on (RaqamCriticSearch *self, RaqamPixelSearch *search)
{
  const RaqamDataset *train = self->data->train;

  return raqam_pixel_search_go_on (search, raqam_dataset_get_images (train),
                                   raqam_dataset_get_n (train), SEARCHED_AT_A_TIME);
}

/* The digits of the newest question first. Returns: whether there are any left */
static gboolean
start_measure (RaqamCriticSearch *self)
{
  const guint8 *images = raqam_dataset_get_images (self->data->test);
  guint32 image;

  self->measured_digit = raqam_critic_scale_next (&self->scale, &image, self->digit);
  self->measuring = self->measured_digit >= 0;
  if (self->measuring)
    raqam_pixel_search_start (&self->measure, images + (gsize) image * RAQAM_IMAGE_SIZE, 1);
  return self->measuring;
}

/* Returns: whether all is known now of the digit that was searched for last */
static gboolean
measure (RaqamCriticSearch *self)
{
  int digit;

  if ((!self->measuring && !start_measure (self)) || !look_on (self, &self->measure))
    return FALSE;

  digit = self->measured_digit;
  raqam_critic_scale_add (&self->scale, digit, raqam_pixel_search_distance (&self->measure, 0));
  self->measuring = FALSE;
  self->measure_due = g_get_monotonic_time () + MEASURE_EVERY;
  return self->searched != NULL && digit == self->searched_digit
         && raqam_critic_scale_is_known (&self->scale, digit);
}

gboolean
raqam_critic_search_go_on (RaqamCriticSearch *self)
{
  if (!self->searching && self->waiting && g_get_monotonic_time () >= self->search_due)
    start_search (self);
  if (!self->searching)
    return measure (self);

  self->searching = !look_on (self, &self->search);
  return !self->searching;
}

static void
fill_neighbours (RaqamOpinion *opinion, const RaqamPixelSearch *search, const RaqamDataset *train)
{
  opinion->n_neighbours = search->n;
  for (int i = 0; i < search->n; i++)
    {
      RaqamNeighbour *neighbour = &opinion->neighbours[i];
      gsize index = search->indices[i];

      neighbour->index = (guint32) index;
      neighbour->label = raqam_dataset_get_labels (train)[index];
      neighbour->distance = raqam_pixel_search_distance (search, i);
      memcpy (neighbour->pixels, raqam_dataset_get_images (train) + index * RAQAM_IMAGE_SIZE,
              RAQAM_IMAGE_SIZE);
    }
}

void
raqam_critic_search_fill (const RaqamCriticSearch *self, RaqamOpinion *opinion)
{
  int digit = self->searched_digit;

  opinion->pixels = g_bytes_ref (self->searched);
  opinion->digit = digit;
  fill_neighbours (opinion, &self->search, self->data->train);
  opinion->has_unseen = raqam_critic_scale_is_known (&self->scale, digit);
  if (opinion->has_unseen)
    {
      opinion->unseen_near = raqam_critic_scale_quantile (&self->scale, digit, 0.05);
      opinion->unseen_median = raqam_critic_scale_quantile (&self->scale, digit, 0.5);
      opinion->unseen_far = raqam_critic_scale_quantile (&self->scale, digit, 0.95);
    }
}
