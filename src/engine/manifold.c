/* manifold.c — how much of what is generated is real, and of what is real generated.
 * SPDX-License-Identifier: MIT */

#include "engine/manifold.h"

#include "engine/neighbours.h"

/* One of the three passes over pairs, as a part of the caller's progress. */
typedef struct
{
  const RaqamSearch *whole;
  double             from, to;
} Part;

typedef struct
{
  const float *real_radii, *generated_radii; /* squared */
  guint8      *generated_inside;             /* each written by the thread that has its row */
  gint        *real_inside;                  /* atomic: every thread sees every real image */
} Cover;

static void
part_progress (double fraction, gpointer user_data)
{
  const Part *part = user_data;

  part->whole->progress (part->from + fraction * (part->to - part->from), part->whole->user_data);
}

/* Returns: how to go on with one pass; @part has to stay */
static RaqamSearch
part_search (Part *part, const RaqamSearch *whole, double from, double to)
{
  RaqamSearch search = { .n_threads = 1 };

  *part = (Part){ whole, from, to };
  if (whole != NULL)
    {
      search = *whole;
      search.progress = whole->progress != NULL ? part_progress : NULL;
      search.user_data = part;
    }
  return search;
}

/* The squared distance of each image from its k-th nearest other one. */
static float *
new_radii (const float *features, gsize n, int d, int k, const RaqamSearch *search, GError **error)
{
  g_autofree float *squares = g_new (float, n *k);
  float *radii;

  if (!raqam_nearest (squares, NULL, features, n, features, n, d, k, search, error))
    return NULL;
  radii = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    radii[i] = squares[i * k + k - 1];
  return radii;
}

/* Rows are generated, columns real. */
static void
tile_cb (const RaqamTile *tile, gpointer user_data)
{
  const Cover *cover = user_data;
  const float *real_radii = cover->real_radii + tile->first_b;
  gint *real_inside = cover->real_inside + tile->first_b;

  for (int i = 0; i < tile->n_a; i++)
    {
      const float *row = tile->squared + i * tile->stride;
      float radius = cover->generated_radii[tile->first_a + i];
      gboolean inside = FALSE, covers = FALSE;

      for (int j = 0; j < tile->n_b; j++)
        {
          inside |= row[j] <= real_radii[j];
          covers |= row[j] <= radius;
        }
      cover->generated_inside[tile->first_a + i] |= inside;
      for (int j = 0; covers && j < tile->n_b; j++)
        if (row[j] <= radius && !g_atomic_int_get (&real_inside[j]))
          g_atomic_int_set (&real_inside[j], 1);
    }
}

static void
set_shares (RaqamManifold *manifold, const Cover *cover, gsize n_real, gsize n_generated)
{
  gsize generated_inside = 0, real_inside = 0;

  for (gsize i = 0; i < n_generated; i++)
    generated_inside += cover->generated_inside[i];
  for (gsize i = 0; i < n_real; i++)
    real_inside += cover->real_inside[i];
  manifold->precision = (double) generated_inside / n_generated;
  manifold->recall = (double) real_inside / n_real;
}

gboolean
raqam_manifold_compare (RaqamManifold *manifold, const float *real, gsize n_real,
                        const float *generated, gsize n_generated, int d, int k,
                        const RaqamSearch *search, GError **error)
{
  g_autofree float *real_radii = NULL;
  g_autofree float *generated_radii = NULL;
  g_autofree guint8 *generated_inside = NULL;
  g_autofree gint *real_inside = NULL;
  double pairs[] = { (double) n_real * n_real, (double) n_generated * n_generated,
                     (double) n_real * n_generated };
  double all = pairs[0] + pairs[1] + pairs[2];
  RaqamSearch step;
  Cover cover;
  Part part;

  g_return_val_if_fail (manifold != NULL, FALSE);

  step = part_search (&part, search, 0, pairs[0] / all);
  real_radii = new_radii (real, n_real, d, k, &step, error);
  if (real_radii == NULL)
    return FALSE;
  step = part_search (&part, search, part.to, part.to + pairs[1] / all);
  generated_radii = new_radii (generated, n_generated, d, k, &step, error);
  if (generated_radii == NULL)
    return FALSE;

  generated_inside = g_new0 (guint8, n_generated);
  real_inside = g_new0 (gint, n_real);
  cover = (Cover){ real_radii, generated_radii, generated_inside, real_inside };
  step = part_search (&part, search, part.to, 1);
  if (!raqam_distances_each (generated, n_generated, real, n_real, d, tile_cb, &cover, &step,
                             error))
    return FALSE;
  set_shares (manifold, &cover, n_real, n_generated);
  return TRUE;
}
