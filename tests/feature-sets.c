/* feature-sets.c — features that the fixtures' makers make too.
 * SPDX-License-Identifier: MIT */

#include "feature-sets.h"

#include "engine/philox.h"

#include <stdlib.h>
#include <string.h>

/* What a stream draws; times 4, and the set's number. */
enum
{
  STREAM_SET,
  STREAM_MIX,
  STREAM_SHIFT,
};

static guint32
word (guint64 seed, guint32 stream, gsize i)
{
  return raqam_philox (seed, 0, stream, i / 4).word[i % 4];
}

float *
feature_set_new (guint64 seed, int number, int n, int d, int rank, int shift, float scale)
{
  float *features = g_new (float, n *d);
  g_autofree int *mix = g_new (int, rank *d);
  g_autofree int *own = g_new (int, rank);

  for (int i = 0; i < rank * d; i++)
    mix[i] = (int) (word (seed, 4 * STREAM_MIX, i) >> 29) - 4;

  for (int i = 0; i < n; i++)
    {
      for (int k = 0; k < rank; k++)
        own[k] = (int) (word (seed, 4 * STREAM_SET + number, i * rank + k) >> 22) - 512;
      for (int j = 0; j < d; j++)
        {
          int sum = 0, moved = (int) (word (seed, 4 * STREAM_SHIFT + number, j) >> 30) * shift;

          for (int k = 0; k < rank; k++)
            sum += own[k] * mix[k * d + j];
          features[i * d + j] = (sum / 64.0f + moved / 4.0f) * scale;
        }
    }
  return features;
}

GPtrArray *
read_fixture_lines (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '#' && lines[i][0] != '\0')
      g_ptr_array_add (words, g_strsplit (lines[i], " ", -1));
  g_assert_cmpuint (words->len, >, 0);
  return words;
}

float *
manifold_case_set (int *n, char **words, int number)
{
  char **how = words + 4 + (number == 1 ? 4 : 0);
  guint64 seed = g_ascii_strtoull (words[1], NULL, 10);
  int d = atoi (words[2]), copies = number == 1 ? atoi (words[12]) : 0;
  float *features, scale = g_ascii_strtod (how[3], NULL);

  *n = atoi (how[0]);
  features = feature_set_new (seed, number, *n, d, atoi (how[1]), atoi (how[2]), scale);
  if (copies > 0)
    {
      int n_real;
      g_autofree float *real = manifold_case_set (&n_real, words, 0);

      g_assert_cmpint (copies, <=, MIN (n_real, *n));
      memcpy (features, real, sizeof (float) * copies * d);
    }
  return features;
}
