/* distances.c — every distance between two sets of features, a tile at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/distances.h"

#include "engine/feature-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A thread takes BLOCK rows of a at a time, which stay in its cache while all of b
 * goes by in panels of PANEL rows. ROWS × PANEL sums stay in registers. */
#define BLOCK 128
#define PANEL 16
#define ROWS 4

/* Of a panel or a tile, at any address. */
typedef float Four __attribute__ ((vector_size (16), aligned (4), may_alias));
typedef float Eight __attribute__ ((vector_size (32), aligned (4), may_alias));

typedef void (*BlockFunc) (float *tile, const float *a, gsize n_a, const float *panel, int d);

typedef struct
{
  const float       *a, *panels;
  gsize              n_a, n_b;
  int                d;
  RaqamTileFunc      func;
  gpointer           user_data;
  BlockFunc          block;
  const RaqamSearch *search;

  /* Shared, atomic. */
  guint              next; /* block of a to take */
  guint              done; /* blocks */
} Pass;

/* @tile: (@n_a rounded up to ROWS, PANEL). In vectors that every processor has. */
static void
block_plain (float *tile, const float *a, gsize n_a, const float *panel, int d)
{
  for (gsize i = 0; i < n_a; i++, tile += PANEL)
    {
      Four sum0 = { 0 }, sum1 = { 0 }, sum2 = { 0 }, sum3 = { 0 };

      for (int k = 0; k < d; k++)
        {
          const Four *b = (const Four *) (panel + k * PANEL);
          Four apart0 = a[i * d + k] - b[0], apart1 = a[i * d + k] - b[1];
          Four apart2 = a[i * d + k] - b[2], apart3 = a[i * d + k] - b[3];

          sum0 += apart0 * apart0;
          sum1 += apart1 * apart1;
          sum2 += apart2 * apart2;
          sum3 += apart3 * apart3;
        }
      ((Four *) tile)[0] = sum0;
      ((Four *) tile)[1] = sum1;
      ((Four *) tile)[2] = sum2;
      ((Four *) tile)[3] = sum3;
    }
}

#ifdef __x86_64__
/* Row @r against both halves of a panel's row. The sums have names because gcc
 * keeps variables in registers, but not arrays. */
#define ADD_SQUARES(r)                                                                            \
  G_STMT_START                                                                                    \
  {                                                             \
    Eight apart0 = row##r[k] - b[0], apart1 = row##r[k] - b[1]; \
                                                                \
    sum##r##0 += apart0 * apart0;                               \
    sum##r##1 += apart1 * apart1;                               \
  }                                                             \
  G_STMT_END

#define SET_ROW(r)                                                                                \
  G_STMT_START                                                                                    \
  {                                          \
    ((Eight *) tile)[2 * r] = sum##r##0;     \
    ((Eight *) tile)[2 * r + 1] = sum##r##1; \
  }                                          \
  G_STMT_END

/* The same, with rows past the last done as the last. Without FMA, which AVX2 does
 * not bring along: its one rounding for two would give other distances. */
__attribute__ ((target ("avx2"))) static void
block_avx2 (float *tile, const float *a, gsize n_a, const float *panel, int d)
{
  for (gsize i = 0; i < n_a; i += ROWS, tile += ROWS * PANEL)
    {
      Eight sum00 = { 0 }, sum01 = { 0 }, sum10 = { 0 }, sum11 = { 0 };
      Eight sum20 = { 0 }, sum21 = { 0 }, sum30 = { 0 }, sum31 = { 0 };
      const float *row0 = a + i * d;
      const float *row1 = a + MIN (i + 1, n_a - 1) * d;
      const float *row2 = a + MIN (i + 2, n_a - 1) * d;
      const float *row3 = a + MIN (i + 3, n_a - 1) * d;

      for (int k = 0; k < d; k++)
        {
          const Eight *b = (const Eight *) (panel + k * PANEL);

          ADD_SQUARES (0);
          ADD_SQUARES (1);
          ADD_SQUARES (2);
          ADD_SQUARES (3);
        }
      SET_ROW (0);
      SET_ROW (1);
      SET_ROW (2);
      SET_ROW (3);
    }
}
#endif

static BlockFunc
choose_block (void)
{
#ifdef __x86_64__
  if (__builtin_cpu_supports ("avx2"))
    return block_avx2;
#endif
  return block_plain;
}

/* @b in panels of PANEL rows, each turned: (panel, feature, row), padded with zeros. */
static gboolean
pack (float **panels, const float *b, gsize n_b, int d, GError **error)
{
  gsize n_panels = (n_b + PANEL - 1) / PANEL;

  *panels = g_try_new0 (float, n_panels *d *PANEL);
  if (*panels == NULL && n_panels > 0)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory to compare %zu images. Judge fewer"), n_b);
      return FALSE;
    }
  for (gsize j = 0; j < n_b; j++)
    for (int k = 0; k < d; k++)
      (*panels)[(j / PANEL * d + k) * PANEL + j % PANEL] = b[j * d + k];
  return TRUE;
}

static guint
n_blocks (const Pass *pass)
{
  return (pass->n_a + BLOCK - 1) / BLOCK;
}

static void
run_block (const Pass *pass, guint block)
{
  float tile[BLOCK * PANEL];
  RaqamTile seen = { .squared = tile, .stride = PANEL, .first_a = (gsize) block * BLOCK };

  seen.n_a = MIN (BLOCK, pass->n_a - seen.first_a);
  for (gsize j = 0; j < pass->n_b; j += PANEL)
    {
      seen.first_b = j;
      seen.n_b = MIN (PANEL, pass->n_b - j);
      pass->block (tile, pass->a + seen.first_a * pass->d, seen.n_a, pass->panels + j * pass->d,
                   pass->d);
      pass->func (&seen, pass->user_data);
    }
}

/* Returns: FALSE when there are no more blocks, or the search was stopped */
static gboolean
take_block (Pass *pass)
{
  guint block;

  if (pass->search != NULL && g_cancellable_is_cancelled (pass->search->cancellable))
    return FALSE;
  block = g_atomic_int_add (&pass->next, 1);
  if (block >= n_blocks (pass))
    return FALSE;
  run_block (pass, block);
  g_atomic_int_inc (&pass->done);
  return TRUE;
}

static gpointer
helper_thread (gpointer data)
{
  while (take_block (data))
    continue;
  return NULL;
}

static void
report (const RaqamSearch *search, double fraction)
{
  if (search != NULL && search->progress != NULL)
    search->progress (fraction, search->user_data);
}

/* A helper that cannot be started leaves its blocks to the others. */
static void
run_pass (Pass *pass)
{
  int n_helpers =
    pass->search != NULL ? MIN (pass->search->n_threads, (int) n_blocks (pass)) - 1 : 0;
  g_autofree GThread **helpers = g_new0 (GThread *, MAX (n_helpers, 0) + 1);

  for (int i = 0; i < n_helpers; i++)
    helpers[i] = g_thread_try_new ("distances", helper_thread, pass, NULL);
  while (take_block (pass))
    report (pass->search, (double) g_atomic_int_get (&pass->done) / n_blocks (pass));
  for (int i = 0; i < n_helpers; i++)
    if (helpers[i] != NULL)
      g_thread_join (helpers[i]);
}

gboolean
raqam_distances_each (const float *a, gsize n_a, const float *b, gsize n_b, int d,
                      RaqamTileFunc func, gpointer user_data, const RaqamSearch *search,
                      GError **error)
{
  g_autofree float *panels = NULL;
  Pass pass = { .a = a, .n_a = n_a, .n_b = n_b, .d = d, .func = func, .user_data = user_data };

  g_return_val_if_fail ((n_a == 0 || a != NULL) && (n_b == 0 || b != NULL), FALSE);
  g_return_val_if_fail (d > 0 && func != NULL, FALSE);
  g_return_val_if_fail (search == NULL || search->n_threads > 0, FALSE);

  if (!raqam_features_check (a, n_a * d, error)
      || (b != a && !raqam_features_check (b, n_b * d, error)) || !pack (&panels, b, n_b, d, error))
    return FALSE;

  pass.panels = panels;
  pass.block = choose_block ();
  pass.search = search;
  run_pass (&pass);
  if (search != NULL && g_cancellable_set_error_if_cancelled (search->cancellable, error))
    return FALSE;
  report (search, 1);
  return TRUE;
}
