/* test-file.c — files that are whole or as they were.
 * SPDX-License-Identifier: MIT */

#include "engine/file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path; /* "kept" in folder */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("raqam-file-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "kept", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* nothing else was left in it */
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
assert_holds (const char *path, const char *want, gsize size)
{
  g_autofree char *got = NULL;
  g_autoptr (GError) error = NULL;
  gsize got_size;

  g_file_get_contents (path, &got, &got_size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (got, got_size, want, size);
}

static void
assert_alone (const char *folder, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  g_assert_cmpstr (g_dir_read_name (dir), ==, name);
  g_assert_null (g_dir_read_name (dir));
}

static void
assert_fails (const char *path, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_file_replace (path, "new", 3, &error));
  g_assert_error (error, G_FILE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_replace (Fixture *fixture, gconstpointer data)
{
  static const RaqamFileChunk chunks[] = { { "ab", 2 }, { NULL, 0 }, { "\0c", 2 }, { "d", 1 } };
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_file_replace (fixture->path, "first", 5, &error));
  assert_holds (fixture->path, "first", 5);
  g_assert_true (raqam_file_replace (fixture->path, "2", 1, &error));
  assert_holds (fixture->path, "2", 1);
  g_assert_true (raqam_file_replace_chunks (fixture->path, chunks, 4, &error));
  assert_holds (fixture->path, "ab\0cd", 5);
  g_assert_true (raqam_file_replace (fixture->path, NULL, 0, &error));
  assert_holds (fixture->path, "", 0);
  g_assert_no_error (error);
  assert_alone (fixture->folder, "kept");
}

static void
test_mode (Fixture *fixture, gconstpointer data)
{
  mode_t before = umask (027);
  GStatBuf status;

  g_assert_true (raqam_file_replace (fixture->path, "x", 1, NULL));
  umask (before);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
test_relative (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  g_assert_true (raqam_file_replace ("kept", "here", 4, &error));
  g_assert_cmpint (g_chdir (before), ==, 0);
  g_assert_no_error (error);
  assert_holds (fixture->path, "here", 4);
}

static void
test_abandoned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  RaqamFileWriter *writer;

  g_assert_true (raqam_file_replace (fixture->path, "old", 3, &error));
  writer = raqam_file_writer_new (fixture->path, &error);
  g_assert_true (raqam_file_writer_write (writer, "half", 4, &error));
  assert_holds (fixture->path, "old", 3);
  raqam_file_writer_free (writer);
  g_assert_no_error (error);
  assert_holds (fixture->path, "old", 3);
  assert_alone (fixture->folder, "kept");
}

static void
test_missing_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "file", NULL);

  assert_fails (path, G_FILE_ERROR_NOENT, g_strerror (ENOENT));
  assert_fails (path, G_FILE_ERROR_NOENT, "There is no folder");
}

static void
test_parent_is_a_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->path, "file", NULL);

  g_assert_true (raqam_file_replace (fixture->path, "old", 3, NULL));
  assert_fails (path, G_FILE_ERROR_NOTDIR, g_strerror (ENOTDIR));
  assert_holds (fixture->path, "old", 3);
}

static void
test_target_is_a_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "sub", NULL);

  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  assert_fails (path, G_FILE_ERROR_ISDIR, g_strerror (EISDIR));
  assert_alone (fixture->folder, "sub");
  g_rmdir (path);
}

/* Root may write anywhere, so root looks on as somebody else. */
static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  gboolean root = geteuid () == 0;

  g_assert_true (raqam_file_replace (fixture->path, "old", 3, NULL));
  g_chmod (fixture->folder, 0555);
  if (root && seteuid (65534) != 0)
    g_test_skip_printf ("root cannot become another user: %s", g_strerror (errno));
  else
    {
      assert_fails (fixture->path, G_FILE_ERROR_ACCES, g_strerror (EACCES));
      assert_holds (fixture->path, "old", 3);
    }
  if (root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_chmod (fixture->folder, 0755);
  assert_alone (fixture->folder, "kept");
}

/* A limit on the size of files stands in for a full disk: a write that fails
 * in the middle. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_malloc0 (1 << 20);
  const RaqamFileChunk chunks[] = { { large, 1 << 19 }, { large, 1 << 19 } };
  struct rlimit before, limit;
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_assert_true (raqam_file_replace (fixture->path, "old", 3, &error));
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 700000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  done = raqam_file_replace_chunks (fixture->path, chunks, 2, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_DFL);

  g_assert_false (done);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, g_strerror (EFBIG)));
  assert_holds (fixture->path, "old", 3);
  assert_alone (fixture->folder, "kept");
}

static gpointer
replace_many (gpointer data)
{
  const Fixture *fixture = data;
  g_autofree char *contents = g_malloc (40000);

  for (int i = 0; i < 200; i++)
    {
      memset (contents, 'a' + i % 26, 40000);
      g_assert_true (raqam_file_replace (fixture->path, contents, 20000 + i * 100, NULL));
    }
  return NULL;
}

/* Who reads while another writes gets one of the versions, whole. */
static void
test_readers_see_whole_files (Fixture *fixture, gconstpointer data)
{
  GThread *thread;
  int n = 0, last = -1;

  g_assert_true (raqam_file_replace (fixture->path, "", 0, NULL));
  thread = g_thread_new ("writer", replace_many, fixture);
  while (last < 199)
    {
      g_autofree char *got = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (fixture->path, &got, &size, NULL));
      if (size == 0)
        continue;
      g_assert_cmpint (size, >=, 20000);
      g_assert_cmpint (size % 100, ==, 0);
      last = (size - 20000) / 100;
      for (gsize i = 0; i < size; i++)
        if (got[i] != 'a' + last % 26)
          g_error ("byte %zu of version %d is not its own", i, last);
      n++;
    }
  g_thread_join (thread);
  g_test_message ("%d whole readings", n);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/file/replace", test_replace },
    { "/file/mode", test_mode },
    { "/file/relative", test_relative },
    { "/file/abandoned", test_abandoned },
    { "/file/missing-folder", test_missing_folder },
    { "/file/parent-is-a-file", test_parent_is_a_file },
    { "/file/target-is-a-folder", test_target_is_a_folder },
    { "/file/read-only-folder", test_read_only_folder },
    { "/file/full", test_full },
    { "/file/readers-see-whole-files", test_readers_see_whole_files },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
