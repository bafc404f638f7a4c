/* test-run.c — run folders: run.json, lists, checkpoints, the lock.
 * SPDX-License-Identifier: MIT */

#include "engine/run.h"

#include "engine/lock.h"
#include "engine/safetensors.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

typedef struct
{
  char *runs;
} Fixture;

static void
remove_tree (const char *path)
{
  GDir *dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_tree (below);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->runs = raqam_runs_folder ();
  g_assert_true (g_str_has_prefix (fixture->runs, g_get_tmp_dir ()));
  g_assert_cmpint (g_mkdir_with_parents (fixture->runs, 0700), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->runs);
  g_free (fixture->runs);
}

static char *
make_folder (const Fixture *fixture, const char *name)
{
  char *folder = g_build_filename (fixture->runs, name, NULL);
  g_autofree char *checkpoints = g_build_filename (folder, "checkpoints", NULL);

  g_assert_cmpint (g_mkdir_with_parents (checkpoints, 0700), ==, 0);
  return folder;
}

static RaqamRun *
make_run (const Fixture *fixture, const char *name, gint64 changed)
{
  g_autoptr (GError) error = NULL;
  RaqamRun *run = g_new0 (RaqamRun, 1);

  run->folder = make_folder (fixture, name);
  run->name = g_strdup (name);
  run->state = g_strdup ("training");
  run->recipe = raqam_recipe_find ("thesis", &error);
  g_assert_no_error (error);
  run->changed = changed;
  return run;
}

static void
save (const RaqamRun *run)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_run_save (run, &error));
  g_assert_no_error (error);
}

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path); /* GLib 2.74 does not shorten a file that is there. */
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static char *
get (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  char *text;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* A run of before there were notes and tags, and one whose tags are not all words. */
static void
test_remarks (Fixture *fixture, gconstpointer data)
{
  static const char *const tags[] = { "خوب", "a \"b\"", NULL };
  g_autoptr (RaqamRun) run = make_run (fixture, "remarks", 1);
  g_autoptr (RaqamRun) plain = NULL, read = NULL, odd = NULL;
  g_autofree char *text = NULL;
  char *tag;

  save (run);
  text = get (run->folder);
  g_assert_null (strstr (text, "notes"));
  g_assert_null (strstr (text, "tags"));
  plain = raqam_run_load (run->folder, NULL);
  g_assert_null (plain->notes);
  g_assert_cmpuint (g_strv_length (plain->tags), ==, 0);

  run->notes = g_strdup ("first line\nسطر دوم");
  run->tags = g_strdupv ((char **) tags);
  save (run);
  read = raqam_run_load (run->folder, NULL);
  g_assert_cmpstr (read->notes, ==, run->notes);
  g_assert_cmpstrv (read->tags, tags);

  g_free (text);
  text = get (run->folder);
  tag = strstr (text, "\"خوب\"");
  memset (tag, ' ', strlen ("\"خوب\""));
  *tag = '7';
  put (run->folder, "run.json", text);
  odd = raqam_run_load (run->folder, NULL);
  g_assert_cmpstrv (odd->tags, tags + 1);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "/data/Train 60000.cdb", "/data/ارقام.cdb",
                                       "/data/\xff\xfe.cdb", "here.cdb", NULL };
  g_autoptr (RaqamRun) run = make_run (fixture, "fast-1", 1700000123);
  g_autoptr (RaqamRun) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *here = g_canonicalize_filename ("here.cdb", NULL);
  g_autofree char *recipe = NULL, *recipe_read = NULL;

  g_free (run->name);
  run->name = g_strdup ("رقم \"first\"\n");
  run->message = g_strdup ("no memory");
  run->data = g_strdupv ((char **) paths);
  run->data_checksum = g_strdup ("abc");
  run->recipe->epochs = 7;
  run->recipe->rate[0] = 0.1f;
  run->step = G_GUINT64_CONSTANT (1) << 53 | 1;
  run->epoch = 12.3456789012345;
  run->created = 1600000000;
  save (run);

  read = raqam_run_load (run->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->folder, ==, run->folder);
  g_assert_cmpstr (read->name, ==, run->name);
  g_assert_cmpstr (read->state, ==, "training");
  g_assert_cmpstr (read->message, ==, "no memory");
  g_assert_cmpstr (read->data[0], ==, paths[0]);
  g_assert_cmpstr (read->data[1], ==, paths[1]);
  g_assert_cmpstr (read->data[2], ==, paths[2]);
  g_assert_cmpstr (read->data[3], ==, here);
  g_assert_null (read->data[4]);
  g_assert_cmpstr (read->data_checksum, ==, "abc");
  g_assert_cmpuint (read->step, ==, run->step);
  g_assert_cmpfloat (read->epoch, ==, run->epoch);
  g_assert_cmpint (read->created, ==, 1600000000);
  g_assert_cmpint (read->changed, ==, 1700000123);
  g_assert_cmpint (read->recipe->epochs, ==, 7);
  g_assert_cmpfloat (read->recipe->rate[0], ==, 0.1f);
  recipe = raqam_recipe_to_json (run->recipe);
  recipe_read = raqam_recipe_to_json (read->recipe);
  g_assert_cmpstr (recipe_read, ==, recipe);
}

/* A newer Raqam's fields do not stand in the way; nor does what may be missing. */
static void
test_tolerant (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = make_folder (fixture, "by-hand");
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  g_autofree char *recipe_text = raqam_recipe_to_json (recipe);
  g_autofree char *text =
    g_strdup_printf ("{\"raqam_run\": 1, \"state\": \"dreaming\", \"mood\": {\"a\": [1]}, "
                     "\"step\": \"many\", \"epoch\": 2, \"data\": [3, \"/a\"], \"recipe\": %s}",
                     recipe_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;

  put (folder, "run.json", text);
  run = raqam_run_load (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->state, ==, "dreaming");
  g_assert_cmpstr (run->name, ==, "by-hand");
  g_assert_null (run->message);
  g_assert_cmpuint (run->step, ==, 0);
  g_assert_cmpfloat (run->epoch, ==, 2);
  g_assert_cmpstr (run->data[0], ==, "/a");
  g_assert_null (run->data[1]);
}

static void
assert_not_loaded (const char *folder, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_run_load (folder, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, folder));
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static void
test_broken (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *part;
  } cases[] = {
    { "", "damaged" },
    { "{", "damaged" },
    { "[]", "no object" },
    { "{}", "lacks “raqam_run”" },
    { "{\"raqam_run\": \"1\"}", "lacks “raqam_run”" },
    { "{\"raqam_run\": 2}", "a newer Raqam" },
    { "{\"raqam_run\": 1}", "lacks “state”" },
    { "{\"raqam_run\": 1, \"state\": \"paused\"}", "a recipe is" },
    { "{\"raqam_run\": 1, \"state\": \"paused\", \"recipe\": []}", "" },
    { "{\"raqam_run\": 1, \"state\": \"paused\", \"recipe\": {\"name\": 5}}", "" },
  };
  g_autofree char *folder = make_folder (fixture, "broken");
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (1100000, ' ');
  g_autofree char *nowhere = g_build_filename (fixture->runs, "nowhere", NULL);
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);

  assert_not_loaded (folder, "run.json");
  assert_not_loaded (nowhere, "run.json");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put (folder, "run.json", cases[i].text);
      assert_not_loaded (folder, cases[i].part);
    }
  put (folder, "run.json", deep);
  assert_not_loaded (folder, "brackets");
  put (folder, "run.json", large);
  assert_not_loaded (folder, "bytes");
  g_unlink (path);
  g_mkdir (path, 0700);
  assert_not_loaded (folder, "no file");
}

/* A run.json cut short is refused, never half read. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = make_run (fixture, "cut", 1);
  g_autofree char *text = NULL;

  save (run);
  text = get (run->folder);
  for (gsize n = strlen (g_strchomp (text)); n-- > 0; n -= n % 17)
    {
      text[n] = '\0';
      put (run->folder, "run.json", text);
      assert_not_loaded (run->folder, "");
    }
}

static void
test_save_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = make_run (fixture, "gone", 1);
  g_autoptr (GError) error = NULL;

  remove_tree (run->folder);
  g_assert_false (raqam_run_save (run, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, run->folder));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) old = make_run (fixture, "old", 100);
  g_autoptr (RaqamRun) newest = make_run (fixture, "newest", 300);
  g_autoptr (RaqamRun) middle = make_run (fixture, "middle", 200);
  g_autofree char *broken = make_folder (fixture, "broken");
  g_autofree char *empty = make_folder (fixture, "empty");
  g_autoptr (GPtrArray) runs = raqam_run_list ();

  g_assert_cmpuint (runs->len, ==, 0);
  g_clear_pointer (&runs, g_ptr_array_unref);
  save (old);
  save (newest);
  save (middle);
  put (broken, "run.json", "{\"raqam_run\": 1,");
  put (fixture->runs, "a file", "");

  runs = raqam_run_list ();
  g_assert_cmpuint (runs->len, ==, 3);
  g_assert_cmpstr (((RaqamRun *) runs->pdata[0])->folder, ==, newest->folder);
  g_assert_cmpstr (((RaqamRun *) runs->pdata[1])->folder, ==, middle->folder);
  g_assert_cmpstr (((RaqamRun *) runs->pdata[2])->folder, ==, old->folder);
}

static void
test_no_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;

  remove_tree (fixture->runs);
  runs = raqam_run_list ();
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_cmpint (g_mkdir (fixture->runs, 0700), ==, 0);
}

static void
test_new_folder (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "fast", "../../etc/passwd", "", "سریع", "\xff", "." };
  g_autofree char *first = raqam_run_new_folder ("fast");
  g_autofree char *second = NULL, *third = NULL;

  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_mkdir (first, 0700), ==, 0);
  second = raqam_run_new_folder ("fast");
  g_assert_cmpint (g_mkdir (second, 0700), ==, 0);
  third = raqam_run_new_folder ("fast");
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (second, !=, third);
  g_assert_cmpstr (first, !=, third);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = raqam_run_new_folder (names[i]);
      g_autofree char *parent = g_path_get_dirname (folder);
      g_autofree char *name = g_path_get_basename (folder);

      g_assert_cmpstr (parent, ==, fixture->runs);
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_cmpint (name[0], !=, '.');
    }
}

static char *
put_checkpoint (const char *folder, const char *name)
{
  float number = 1;
  RaqamTensor tensor = { "x", RAQAM_DTYPE_F32, 0, { 0 }, &number };
  char *path = g_build_filename (folder, "checkpoints", name, NULL);

  g_assert_true (raqam_safetensors_write (path, &tensor, 1, NULL, NULL));
  return path;
}

static void
assert_newest (const char *folder, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = raqam_run_newest_checkpoint (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_checkpoints (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = make_run (fixture, "steps", 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  g_assert_false (raqam_run_is_resumable (run));
  g_assert_null (raqam_run_newest_checkpoint (run->folder, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, run->folder));
  g_clear_error (&error);

  first = put_checkpoint (run->folder, "step-000000000999.safetensors");
  third = put_checkpoint (run->folder, "step-000000012000.safetensors");
  second = put_checkpoint (run->folder, "step-000000002000.safetensors");
  put (run->folder, "checkpoints/.raqam-x7Yw3q", "half of it");
  put (run->folder, "checkpoints/zebra.safetensors", "another's");
  g_assert_true (raqam_run_is_resumable (run));
  assert_newest (run->folder, third);

  g_assert_cmpint (truncate (third, 100), ==, 0);
  assert_newest (run->folder, second);
  g_assert_true (g_file_set_contents (second, "", 0, NULL));
  assert_newest (run->folder, first);
  g_assert_true (g_file_set_contents (first, "\x02\0\0\0\0\0\0\0{}", 10, NULL));
  g_assert_null (raqam_run_newest_checkpoint (run->folder, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, third));

  g_free (run->state);
  run->state = g_strdup ("finished");
  g_assert_false (raqam_run_is_resumable (run));
}

/* Another process: 0 when it got the lock, 1 when it was refused. */
static int
lock_elsewhere (const char *folder)
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    _exit (raqam_run_lock (folder, NULL) >= 0 ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = make_folder (fixture, "locked");
  g_autofree char *other = make_folder (fixture, "other");
  g_autofree char *nowhere = g_build_filename (fixture->runs, "nowhere", NULL);
  g_autoptr (GError) error = NULL;
  int fd = raqam_run_lock (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (raqam_run_is_locked (folder));
  g_assert_false (raqam_run_is_locked (other));
  g_assert_cmpint (lock_elsewhere (folder), ==, 1);
  g_assert_cmpint (lock_elsewhere (other), ==, 0);
  g_assert_cmpint (raqam_run_lock (folder, &error), ==, -1);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, folder));
  g_clear_error (&error);

  close (fd);
  g_assert_false (raqam_run_is_locked (folder));
  g_assert_cmpint (lock_elsewhere (folder), ==, 0);
  fd = raqam_run_lock (folder, &error);
  g_assert_cmpint (fd, >=, 0);
  close (fd);

  g_assert_cmpint (raqam_run_lock (nowhere, &error), ==, -1);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, nowhere));
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  home = g_dir_make_tmp ("raqam-run-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);

  g_test_add ("/run/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/run/remarks", Fixture, NULL, set_up, test_remarks, tear_down);
  g_test_add ("/run/tolerant", Fixture, NULL, set_up, test_tolerant, tear_down);
  g_test_add ("/run/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add ("/run/truncated", Fixture, NULL, set_up, test_truncated, tear_down);
  g_test_add ("/run/save-refused", Fixture, NULL, set_up, test_save_refused, tear_down);
  g_test_add ("/run/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/run/no-runs", Fixture, NULL, set_up, test_no_runs, tear_down);
  g_test_add ("/run/new-folder", Fixture, NULL, set_up, test_new_folder, tear_down);
  g_test_add ("/run/checkpoints", Fixture, NULL, set_up, test_checkpoints, tear_down);
  g_test_add ("/run/lock", Fixture, NULL, set_up, test_lock, tear_down);

  status = g_test_run ();
  remove_tree (home);
  return status;
}
