/* test-manifold.c — improved precision and recall, beside NumPy's.
 * SPDX-License-Identifier: MIT */

#include "engine/manifold.h"
#include "feature-sets.h"

#include <stdlib.h>
#include <string.h>

static RaqamManifold
compare (const float *real, int n_real, const float *generated, int n_generated, int d, int k,
         int n_threads)
{
  const RaqamSearch search = { .n_threads = n_threads };
  RaqamManifold manifold = { -1, -1 };
  GError *error = NULL;

  raqam_manifold_compare (&manifold, real, n_real, generated, n_generated, d, k,
                          n_threads > 0 ? &search : NULL, &error);
  g_assert_no_error (error);
  return manifold;
}

static void
test_numpy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("manifold.txt");

  g_assert_cmpuint (lines->len, ==, 12);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      int n_real, n_generated, d = atoi (words[2]), k = atoi (words[3]);
      g_autofree float *real = manifold_case_set (&n_real, words, 0);
      g_autofree float *generated = manifold_case_set (&n_generated, words, 1);

      for (int n_threads = 0; n_threads < 4; n_threads++)
        {
          RaqamManifold got = compare (real, n_real, generated, n_generated, d, k, n_threads);

          g_test_message ("%s, %d threads: %g, %g", words[0], n_threads, got.precision, got.recall);
          g_assert_cmpfloat_with_epsilon (got.precision, g_ascii_strtod (words[13], NULL), 1e-12);
          g_assert_cmpfloat_with_epsilon (got.recall, g_ascii_strtod (words[14], NULL), 1e-12);
        }
    }
}

/* What a model that always draws one picture must not be able to hide. */
static void
test_one_picture (void)
{
  enum
  {
    N = 200,
    D = 8
  };
  g_autofree float *real = feature_set_new (50, 0, N, D, D, 1, 1);
  g_autofree float *generated = g_new (float, N *D);
  RaqamManifold got;

  for (int i = 0; i < N; i++)
    memcpy (generated + i * D, real, sizeof (float) * D);
  got = compare (real, N, generated, N, D, RAQAM_MANIFOLD_NEIGHBOURS, 2);
  g_assert_cmpfloat (got.precision, ==, 1);
  g_assert_cmpfloat (got.recall, ==, 1.0 / N);
}

typedef struct
{
  double last;
  GCancellable *stop; /* once half is done */
} Watch;

static void
progress_cb (double fraction, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_cmpfloat (fraction, >=, watch->last);
  g_assert_cmpfloat (fraction, <=, 1 + 1e-9);
  watch->last = fraction;
  if (watch->stop != NULL && fraction > 0.5)
    g_cancellable_cancel (watch->stop);
}

static void
test_stopped (void)
{
  enum
  {
    N = 700,
    D = 4
  };
  g_autofree float *features = feature_set_new (51, 0, N, D, D, 1, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watch watch = { .stop = NULL };
  RaqamSearch search = {
    .n_threads = 1, .cancellable = cancellable, .progress = progress_cb, .user_data = &watch
  };
  RaqamManifold manifold = { -1, -1 };
  GError *error = NULL;

  g_assert_true (
    raqam_manifold_compare (&manifold, features, N, features, N, D, 3, &search, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (watch.last, 1, 1e-9);

  watch = (Watch){ .stop = cancellable };
  manifold.recall = -1;
  g_assert_false (
    raqam_manifold_compare (&manifold, features, N, features, N, D, 3, &search, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (manifold.recall, ==, -1);
  g_clear_error (&error);
}

static void
test_few (void)
{
  const float features[] = { 1, 2, 3, 4, 5 };
  RaqamManifold manifold;
  g_autoptr (GError) real = NULL, generated = NULL;

  g_assert_false (raqam_manifold_compare (&manifold, features, 3, features, 5, 1, 3, NULL, &real));
  g_assert_error (real, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_false (
    raqam_manifold_compare (&manifold, features, 5, features, 0, 1, 3, NULL, &generated));
  g_assert_error (generated, RAQAM_ERROR, RAQAM_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manifold/numpy", test_numpy);
  g_test_add_func ("/manifold/one-picture", test_one_picture);
  g_test_add_func ("/manifold/stopped", test_stopped);
  g_test_add_func ("/manifold/few", test_few);

  return g_test_run ();
}
