/* test-dataset.c — data sets from .cdb files.
 * SPDX-License-Identifier: MIT */

#include "engine/dataset.h"

#include "cdb-bytes.h"
#include "engine/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *before; /* the current folder */
  char *folder; /* of this test, and the current one */
} Fixture;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = g_get_current_dir ();
  fixture->folder = g_dir_make_tmp ("raqam-dataset-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_chdir (fixture->before), ==, 0);
  remove_folder (fixture->folder);
  g_free (fixture->before);
  g_free (fixture->folder);
}

/* A file of @n images of one pixel, grey, all of one label: image i has the value @first + i. */
static void
make_file (const char *path, guint n, guint8 label, guint8 first)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (TRUE, 1, 1);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      guint8 value = first + i;

      cdb_bytes_add (bytes, label, 1, 1, &value);
    }
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
}

static RaqamDataset *
load (gboolean grey, GError **error, const char *first, ...)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  va_list args;

  va_start (args, first);
  for (const char *path = first; path != NULL; path = va_arg (args, const char *))
    g_ptr_array_add (paths, (char *) path);
  va_end (args);
  g_ptr_array_add (paths, NULL);
  return raqam_dataset_load ((const char *const *) paths->pdata, grey, NULL, NULL, NULL, error);
}

/* A one-pixel image lies at (13, 13). */
static int
value_of (const RaqamDataset *dataset, guint i)
{
  return raqam_dataset_get_images (dataset)[i * 784 + 13 * 28 + 13];
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamDataset) dataset = NULL;

  make_file ("b.cdb", 3, 7, 120);
  make_file ("a.cdb", 2, 9, 127);
  dataset = load (TRUE, &error, "b.cdb", "a.cdb", NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (raqam_dataset_get_n (dataset), ==, 5);
  g_assert_cmpmem (raqam_dataset_get_labels (dataset), 5, "\7\7\7\11\11", 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (value_of (dataset, i), ==, i < 3 ? 120 + i : 124 + i);
  for (int label = 0; label < RAQAM_DATASET_CLASSES; label++)
    g_assert_cmpuint (raqam_dataset_get_count (dataset, label), ==,
                      label == 7 ? 3 : label == 9 ? 2 : 0);
  g_assert_cmpuint (g_strv_length ((char **) raqam_dataset_get_sources (dataset)), ==, 2);
  g_assert_cmpstr (raqam_dataset_get_sources (dataset)[0], ==, "b.cdb");
  g_assert_cmpstr (raqam_dataset_get_sources (dataset)[1], ==, "a.cdb");
}

static void
test_binary (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamDataset) grey = NULL, binary = NULL;

  make_file ("a.cdb", 2, 9, 127);
  grey = load (TRUE, &error, "a.cdb", NULL);
  binary = load (FALSE, &error, "a.cdb", NULL);
  g_assert_no_error (error);
  g_assert_cmpint (value_of (binary, 0), ==, 0);
  g_assert_cmpint (value_of (binary, 1), ==, 255);
  g_assert_cmpstr (raqam_dataset_get_checksum (grey), !=, raqam_dataset_get_checksum (binary));
}

static void
test_checksum (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[2 * 784 + 2] = { 0 };
  g_autofree char *want = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamDataset) dataset = NULL;

  bytes[13 * 28 + 13] = 200;
  bytes[784 + 13 * 28 + 13] = 201;
  bytes[2 * 784] = bytes[2 * 784 + 1] = 4;
  want = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, sizeof bytes);
  make_file ("a.cdb", 2, 4, 200);
  dataset = load (TRUE, &error, "a.cdb", NULL);
  g_assert_no_error (error);
  g_assert_cmpstr (raqam_dataset_get_checksum (dataset), ==, want);
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "Train 1.cdb", "Train 2.cdb", "Test.cdb" };
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamDataset) dataset = NULL;

  make_file ("set/Test.cdb", 1, 3, 130);
  make_file ("set/Train 2.cdb", 1, 2, 120);
  make_file ("set/Train 1.cdb", 1, 1, 110);
  make_file ("set/RemainingSamples.cdb", 1, 8, 100);
  make_file ("set/Train 3.txt", 1, 9, 100);
  dataset = load (TRUE, &error, "set", NULL);
  g_assert_no_error (error);
  g_assert_cmpmem (raqam_dataset_get_labels (dataset), raqam_dataset_get_n (dataset), "\1\2\3", 3);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename ("set", names[i], NULL);

      g_assert_cmpstr (raqam_dataset_get_sources (dataset)[i], ==, path);
    }
}

static void
assert_refused (int code, const char *word, const char *path, const char *second)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (FALSE, &error, path, second, NULL));
  g_assert_error (error, RAQAM_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_file ("a.cdb", 2, 4, 200);
  make_file ("none.cdb", 0, 0, 0);
  g_assert_cmpint (g_mkdir ("empty", 0755), ==, 0);
  g_assert_true (g_file_set_contents ("wrong.cdb", "not this", -1, NULL));
  g_assert_cmpint (link ("a.cdb", "again.cdb"), ==, 0);

  assert_refused (RAQAM_ERROR_DATA, "no images", "none.cdb", NULL);
  assert_refused (RAQAM_ERROR_DATA, "“empty”", "empty", NULL);
  assert_refused (RAQAM_ERROR_DATA, "“wrong.cdb”", "a.cdb", "wrong.cdb");
  assert_refused (RAQAM_ERROR_DATA, "named twice", "a.cdb", "a.cdb");
  assert_refused (RAQAM_ERROR_DATA, "named twice", "a.cdb", "again.cdb");

  g_assert_null (load (FALSE, &error, "a.cdb", "missing.cdb", NULL));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“missing.cdb”"));
}

/* What the header says about the number of images must cost nothing. */
static void
test_boastful_header (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (TRUE, 255, 255);

  cdb_bytes_put_u32 (bytes, 6, G_MAXUINT32);
  cdb_bytes_put_u32 (bytes, 10, G_MAXUINT32);
  g_assert_true (g_file_set_contents ("boast.cdb", (const char *) bytes->data, bytes->len, NULL));
  assert_refused (RAQAM_ERROR_DATA, "record 0, byte 1024:", "boast.cdb", NULL);
}

static void
test_too_many (Fixture *fixture, gconstpointer data)
{
  if (!g_test_slow ())
    {
      g_test_skip ("takes 784 MB of memory; run with -m slow");
      return;
    }
  make_file ("many.cdb", RAQAM_DATASET_MAX_IMAGES + 1, 4, 200);
  assert_refused (RAQAM_ERROR_DATA, "more than 1000000 images", "many.cdb", NULL);
}

typedef struct
{
  guint         calls;
  guint         last;
  GCancellable *cancel_at_first;
} Heard;

static void
progress_cb (guint n_done, guint64 n_expected, gpointer data)
{
  Heard *heard = data;

  g_assert_cmpuint (n_expected, ==, 2500);
  g_assert_cmpuint (n_done, >, heard->last);
  heard->last = n_done;
  heard->calls++;
  if (heard->cancel_at_first != NULL)
    g_cancellable_cancel (heard->cancel_at_first);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { "a.cdb", "b.cdb", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RaqamDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  Heard heard = { 0 };

  make_file ("a.cdb", 1500, 4, 0);
  make_file ("b.cdb", 1000, 5, 0);
  dataset = raqam_dataset_load (paths, FALSE, progress_cb, &heard, cancellable, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heard.calls, ==, 3);
  g_assert_cmpuint (heard.last, ==, 2500);

  heard = (Heard) { .cancel_at_first = cancellable };
  g_assert_null (raqam_dataset_load (paths, FALSE, progress_cb, &heard, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (heard.calls, ==, 1);
}

static gpointer
sum_images (gpointer data)
{
  g_autoptr (RaqamDataset) dataset = data;
  gsize sum = 0;

  for (gsize i = 0; i < (gsize) raqam_dataset_get_n (dataset) * 784; i++)
    sum += raqam_dataset_get_images (dataset)[i];
  return GSIZE_TO_POINTER (sum);
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *threads[4];
  RaqamDataset *dataset;

  make_file ("a.cdb", 256, 4, 0);
  dataset = load (TRUE, &error, "a.cdb", NULL);
  g_assert_no_error (error);
  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("reader", sum_images, raqam_dataset_ref (dataset));
  raqam_dataset_unref (dataset);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (threads[i])), ==, 255 * 256 / 2);
}

static void
assert_found (const char *first, const char *second)
{
  g_auto (GStrv) found = raqam_dataset_find_hoda ();

  g_assert_nonnull (found);
  g_assert_cmpstr (found[0], ==, first);
  g_assert_cmpstr (found[1], ==, second);
  if (second != NULL)
    g_assert_null (found[2]);
}

/* From the last place to the first: each, once filled, wins over those before. */
static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hoda_dir = g_strdup (g_getenv ("HODA_DIR"));
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "raqam", "hoda", NULL);
  g_autofree char *own_test = g_build_filename (own, "Test 20000.cdb", NULL);
  g_autofree char *downloads
    = g_build_filename (g_get_home_dir (), "Downloads", "Train 60000.cdb", NULL);

  g_unsetenv ("HODA_DIR");
  g_assert_cmpint (g_mkdir_with_parents ("here/below", 0755), ==, 0);
  g_assert_cmpint (g_chdir ("here/below"), ==, 0);
  g_assert_null (raqam_dataset_find_hoda ());

  make_file ("../shared/hoda/Test 20000.cdb", 1, 0, 0);
  make_file ("../shared/hoda/RemainingSamples.cdb", 1, 0, 0);
  assert_found ("../shared/hoda/Test 20000.cdb", NULL);
  make_file ("../shared/hoda/Train 60000.cdb", 1, 0, 0);
  assert_found ("../shared/hoda/Train 60000.cdb", "../shared/hoda/Test 20000.cdb");
  make_file ("Train 60000.cdb", 1, 0, 0);
  assert_found ("./Train 60000.cdb", NULL);
  make_file (downloads, 1, 0, 0);
  assert_found (downloads, NULL);
  make_file (own_test, 1, 0, 0);
  assert_found (own_test, NULL);
  make_file ("mine/Train b.cdb", 1, 0, 0);
  make_file ("mine/Train a.cdb", 1, 0, 0);
  g_setenv ("HODA_DIR", "mine", TRUE);
  assert_found ("mine/Train a.cdb", NULL);

  if (hoda_dir != NULL)
    g_setenv ("HODA_DIR", hoda_dir, TRUE);
  else
    g_unsetenv ("HODA_DIR");
}

static void
test_hoda (Fixture *fixture, gconstpointer data)
{
  const char *folder = g_getenv ("HODA_DIR");
  g_autoptr (RaqamDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin;

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("HODA_DIR is not set to a folder: Hoda's files are needed");
      return;
    }
  begin = g_get_monotonic_time ();
  dataset = load (FALSE, &error, folder, NULL);
  g_assert_no_error (error);
  g_test_message ("%u images in %.2f s", raqam_dataset_get_n (dataset),
                  (g_get_monotonic_time () - begin) / 1e6);
  g_assert_cmpuint (raqam_dataset_get_n (dataset), ==, 80000);
  for (int label = 0; label < RAQAM_DATASET_CLASSES; label++)
    g_assert_cmpuint (raqam_dataset_get_count (dataset, label), ==, 8000);
  g_assert_cmpmem (raqam_dataset_get_labels (dataset), 10, "\6\5\0\2\7\0\7\5\0\7", 10);
  for (guint i = 60000; i < 62000; i++)
    g_assert_cmpint (raqam_dataset_get_labels (dataset)[i], ==, 0);
  for (gsize i = 0; i < (gsize) 80000 * 784; i++)
    if (raqam_dataset_get_images (dataset)[i] % 255 != 0)
      g_error ("pixel %zu is neither ink nor paper", i);
}

/* An empty home, so that no file of the user's is found. G_TEST_OPTION_ISOLATE_DIRS
 * would leak memory, which the sanitizer's runs would lay at our door. */
static char *
move_home (void)
{
  char *home = g_dir_make_tmp ("raqam-home-XXXXXX", NULL);
  g_autofree char *data = g_build_filename (home, "data", NULL);
  g_autofree char *config = g_build_filename (home, "config", NULL);

  g_assert_nonnull (home);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  return home;
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/dataset/order", test_order },
    { "/dataset/binary", test_binary },
    { "/dataset/checksum", test_checksum },
    { "/dataset/folder", test_folder },
    { "/dataset/refuses", test_refuses },
    { "/dataset/boastful-header", test_boastful_header },
    { "/dataset/too-many", test_too_many },
    { "/dataset/progress", test_progress },
    { "/dataset/threads", test_threads },
    { "/dataset/find", test_find },
    { "/dataset/hoda", test_hoda },
  };
  g_autofree char *home = NULL;
  int status;

  home = move_home ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  remove_folder (home);
  return status;
}
