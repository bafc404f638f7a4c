/* test-npz.c — labelled digits as NumPy reads them.
 * SPDX-License-Identifier: MIT */

#include "engine/npz.h"

#include "read-back.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#define PIXELS 784

typedef struct
{
  char   *folder;
  char   *path;
  gsize   n;
  guint8 *images;
  guint8 *labels;
} Fixture;

typedef struct
{
  const char *name;
  gsize       n;
  gboolean    deflate;
} Case;

static const Case cases[] = {
  { "none", 0, FALSE },          { "one", 1, FALSE },           { "stored", 1000, FALSE },
  { "deflated", 1000, TRUE },    { "none-deflated", 0, TRUE },  { "many", 100000, FALSE },
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (28);

  fixture->folder = g_dir_make_tmp ("raqam-npz-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "digits.npz", NULL);
  fixture->n = c != NULL ? c->n : 10;
  fixture->images = g_malloc (fixture->n * PIXELS + 1);
  fixture->labels = g_malloc (fixture->n + 1);
  for (gsize i = 0; i < fixture->n * PIXELS; i++)
    fixture->images[i] = i * 2654435761u >> 24;
  for (gsize i = 0; i < fixture->n; i++)
    fixture->labels[i] = g_rand_int_range (rand, 0, 10);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->images);
  g_free (fixture->labels);
}

static void
test_numpy (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *images
    = g_compute_checksum_for_data (G_CHECKSUM_SHA256, fixture->images, fixture->n * PIXELS);
  g_autofree char *labels
    = g_compute_checksum_for_data (G_CHECKSUM_SHA256, fixture->labels, fixture->n);
  g_autofree char *want = NULL, *got = NULL;

  raqam_npz_save (fixture->path, fixture->images, fixture->labels, fixture->n, c->deflate, &error);
  g_assert_no_error (error);
  got = read_back (fixture->path);
  if (got == NULL)
    return;
  want = g_strdup_printf ("images uint8 (%zu, 28, 28) %s\nlabels uint8 (%zu,) %s\n", fixture->n,
                          images, fixture->n, labels);
  g_assert_cmpstr (got, ==, want);
}

static char *
checksum_of (const char *path, gsize *size)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, size, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, *size);
}

static void
save_in (Fixture *fixture, const char *zone)
{
  g_assert_true (g_setenv ("TZ", zone, TRUE));
  tzset ();
  g_assert_true (raqam_npz_save (fixture->path, fixture->images, fixture->labels, fixture->n, TRUE,
                                 NULL));
}

/* The same bytes at any time and in any time zone. */
static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  static const char *const zones[] = { "UTC", "XST-14", "XST+12" };
  g_autofree char *first = NULL;
  gsize size;

  save_in (fixture, zones[0]);
  first = checksum_of (fixture->path, &size);
  for (gsize i = 1; i < G_N_ELEMENTS (zones); i++)
    {
      g_autofree char *again = NULL;

      save_in (fixture, zones[i]);
      again = checksum_of (fixture->path, &size);
      g_assert_cmpstr (again, ==, first);
    }
  g_unsetenv ("TZ");
  tzset ();
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  gsize stored, deflated;

  memset (fixture->images, 0, fixture->n * PIXELS);
  g_assert_true (raqam_npz_save (fixture->path, fixture->images, fixture->labels, fixture->n,
                                 FALSE, NULL));
  g_free (checksum_of (fixture->path, &stored));
  g_assert_true (raqam_npz_save (fixture->path, fixture->images, fixture->labels, fixture->n, TRUE,
                                 NULL));
  g_free (checksum_of (fixture->path, &deflated));
  g_assert_cmpuint (stored, >=, fixture->n * (PIXELS + 1));
  g_assert_cmpuint (deflated, <, stored / 5);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "digits.npz", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_npz_save (path, fixture->images, fixture->labels, fixture->n, FALSE,
                                  &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, path));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/npz/numpy/%s", cases[i].name);

      g_test_add (path, Fixture, &cases[i], set_up, test_numpy, tear_down);
    }
  g_test_add ("/npz/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/npz/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/npz/failure", Fixture, NULL, set_up, test_failure, tear_down);
  return g_test_run ();
}
