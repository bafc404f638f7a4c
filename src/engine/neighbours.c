/* neighbours.c — the nearest images to each of some images, by their features.
 * SPDX-License-Identifier: MIT */

#include "engine/neighbours.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Each row's k nearest so far: (n, k), squares rising. */
typedef struct
{
  float   *squares;
  guint32 *indices;
  int      k;
  gboolean same; /* both sets are one */
} Search;

static void
insert (float *squares, guint32 *indices, int k, float square, guint32 index)
{
  int at = k - 1;

  for (; at > 0 && square < squares[at - 1]; at--)
    {
      squares[at] = squares[at - 1];
      indices[at] = indices[at - 1];
    }
  squares[at] = square;
  indices[at] = index;
}

/* References come by rising index, so that a tie leaves the lower one ahead. */
static void
tile_cb (const RaqamTile *tile, gpointer user_data)
{
  const Search *search = user_data;

  for (int i = 0; i < tile->n_a; i++)
    {
      const float *row = tile->squared + i * tile->stride;
      float *squares = search->squares + (tile->first_a + i) * search->k;
      guint32 *indices = search->indices + (tile->first_a + i) * search->k;

      for (int j = 0; j < tile->n_b; j++)
        if (row[j] < squares[search->k - 1]
            && !(search->same && tile->first_a + i == tile->first_b + j))
          insert (squares, indices, search->k, row[j], tile->first_b + j);
    }
}

static gboolean
check (gsize n, gsize n_references, int k, GError **error)
{
  if (n_references >= (gsize) k && n_references <= G_MAXUINT32 && n <= G_MAXUINT32)
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
               _("%d nearest images cannot be found among %zu. Judge more images"), k,
               n_references);
  return FALSE;
}

gboolean
raqam_nearest (float *squares, guint32 *indices, const float *queries, gsize n,
               const float *references, gsize n_references, int d, int k, const RaqamSearch *search,
               GError **error)
{
  g_autofree float *own_squares = NULL;
  g_autofree guint32 *own_indices = NULL;
  Search state = { .k = k, .same = queries == references };

  g_return_val_if_fail (k > 0 && k <= RAQAM_NEIGHBOURS_MOST, FALSE);

  if (!check (n, n_references - (state.same && n_references > 0), k, error))
    return FALSE;
  if (squares == NULL)
    squares = own_squares = g_new (float, n *k);
  if (indices == NULL)
    indices = own_indices = g_new (guint32, n * k);
  for (gsize i = 0; i < n * k; i++)
    squares[i] = INFINITY;
  state.squares = squares;
  state.indices = indices;
  return raqam_distances_each (queries, n, references, n_references, d, tile_cb, &state, search,
                               error);
}
