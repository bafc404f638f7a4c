/* test-distances.c — distances beside plain loops, on any number of threads.
 * SPDX-License-Identifier: MIT */

#include "engine/distances.h"
#include "feature-sets.h"

#include <math.h>

typedef struct
{
  float *squares;
  gint  *seen; /* how often; each pair is its thread's alone */
  gsize  n_b;
  gsize *next_b; /* of each row */
} Collected;

static void
collect_cb (const RaqamTile *tile, gpointer user_data)
{
  Collected *collected = user_data;

  for (int i = 0; i < tile->n_a; i++)
    {
      g_assert_cmpuint (collected->next_b[tile->first_a + i], ==, tile->first_b);
      collected->next_b[tile->first_a + i] += tile->n_b;
      for (int j = 0; j < tile->n_b; j++)
        {
          gsize at = (tile->first_a + i) * collected->n_b + tile->first_b + j;

          collected->squares[at] = tile->squared[i * tile->stride + j];
          collected->seen[at]++;
        }
    }
}

/* In float, one feature after another, as the header has it: equal to the bit. */
static float
plain_square (const float *a, const float *b, int d)
{
  volatile float sum = 0;

  for (int k = 0; k < d; k++)
    {
      volatile float apart = a[k] - b[k];
      volatile float square = apart * apart;

      sum += square;
    }
  return sum;
}

static void
assert_all (const float *a, gsize n_a, const float *b, gsize n_b, int d, int n_threads)
{
  const RaqamSearch search = { .n_threads = n_threads };
  g_autofree float *squares = g_new0 (float, n_a *n_b);
  g_autofree gint *seen = g_new0 (gint, n_a * n_b);
  g_autofree gsize *next_b = g_new0 (gsize, n_a);
  Collected collected = { squares, seen, n_b, next_b };
  GError *error = NULL;

  g_assert_true (raqam_distances_each (a, n_a, b, n_b, d, collect_cb, &collected,
                                       n_threads > 0 ? &search : NULL, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < n_a; i++)
    for (gsize j = 0; j < n_b; j++)
      {
        g_assert_cmpint (seen[i * n_b + j], ==, 1);
#ifdef __x86_64__
        g_assert_cmpfloat (squares[i * n_b + j], ==, plain_square (a + i * d, b + j * d, d));
#else
        float want = plain_square (a + i * d, b + j * d, d);

        g_assert_cmpfloat (fabsf (squares[i * n_b + j] - want), <=, 1e-5f * want);
#endif
      }
}

static void
test_sizes (void)
{
  static const int sizes[] = { 1, 3, 16, 17, 128, 129, 300 };
  static const int features[] = { 1, 7, 33 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (guint k = 0; k < G_N_ELEMENTS (features); k++)
        {
          int d = features[k];
          g_autofree float *a = feature_set_new (1, 0, sizes[i], d, d, 1, 1);
          g_autofree float *b = feature_set_new (1, 1, sizes[j], d, d, 3, 1);

          assert_all (a, sizes[i], b, sizes[j], d, (i + j) % 4);
        }
}

/* Far from the origin, a copy is still at 0, and a neighbour where it is. */
static void
test_copies (void)
{
  enum
  {
    N = 50,
    D = 20
  };
  g_autofree float *features = feature_set_new (2, 0, N, D, D, 1, 1);

  for (int i = 0; i < N * D; i++)
    features[i] = 1e6f + roundf (features[i] / 256);
  assert_all (features, N, features, N, D, 2);
}

static void
ignore_cb (const RaqamTile *tile, gpointer user_data)
{
}

typedef struct
{
  double        last;
  int           n_calls;
  GThread      *thread;
  GCancellable *stop; /* at the first call */
} Watch;

static void
progress_cb (double fraction, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_true (g_thread_self () == watch->thread);
  g_assert_cmpfloat (fraction, >=, watch->last);
  g_assert_cmpfloat (fraction, <=, 1);
  watch->last = fraction;
  watch->n_calls++;
  if (watch->stop != NULL)
    g_cancellable_cancel (watch->stop);
}

static void
test_progress (void)
{
  g_autofree float *a = feature_set_new (3, 0, 1000, 4, 4, 1, 1);
  Watch watch = { .thread = g_thread_self () };
  RaqamSearch search = { .n_threads = 1, .progress = progress_cb, .user_data = &watch };
  GError *error = NULL;

  g_assert_true (raqam_distances_each (a, 1000, a, 1000, 4, ignore_cb, NULL, &search, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (watch.last, ==, 1);
  g_assert_cmpint (watch.n_calls, >=, 8);

  search.n_threads = 3;
  watch.last = watch.n_calls = 0;
  g_assert_true (raqam_distances_each (a, 1000, a, 1000, 4, ignore_cb, NULL, &search, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (watch.last, ==, 1);

  watch.last = 0;
  g_assert_true (raqam_distances_each (a, 0, a, 1000, 4, ignore_cb, NULL, &search, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (watch.last, ==, 1);
}

static void
test_stopped (void)
{
  g_autofree float *a = feature_set_new (4, 0, 2000, 4, 4, 1, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watch watch = { .thread = g_thread_self (), .stop = cancellable };
  RaqamSearch search = {
    .n_threads = 1, .cancellable = cancellable, .progress = progress_cb, .user_data = &watch
  };
  g_autoptr (GError) midway = NULL, before = NULL;

  g_assert_false (raqam_distances_each (a, 2000, a, 2000, 4, ignore_cb, NULL, &search, &midway));
  g_assert_error (midway, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (watch.n_calls, ==, 1);
  g_assert_false (raqam_distances_each (a, 2000, a, 2000, 4, ignore_cb, NULL, &search, &before));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (watch.n_calls, ==, 1);
}

static void
test_refused (void)
{
  float good[] = { 1, 2, 3, 4 }, bad[] = { 1, NAN, 3, 4 }, large[] = { 1, 2, 3, -1e16f };
  g_autoptr (GError) first = NULL, second = NULL, third = NULL;

  g_assert_false (raqam_distances_each (bad, 2, good, 2, 2, ignore_cb, NULL, NULL, &first));
  g_assert_error (first, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  g_assert_false (raqam_distances_each (good, 2, bad, 2, 2, ignore_cb, NULL, NULL, &second));
  g_assert_error (second, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  g_assert_false (raqam_distances_each (good, 2, large, 2, 2, ignore_cb, NULL, NULL, &third));
  g_assert_error (third, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/distances/sizes", test_sizes);
  g_test_add_func ("/distances/copies", test_copies);
  g_test_add_func ("/distances/progress", test_progress);
  g_test_add_func ("/distances/stopped", test_stopped);
  g_test_add_func ("/distances/refused", test_refused);

  return g_test_run ();
}
