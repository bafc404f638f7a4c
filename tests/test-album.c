/* test-album.c — the styles that a user has kept, in their file.
 * SPDX-License-Identifier: MIT */

#include "engine/album.h"

#include "engine/error.h"
#include "engine/model-private.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#define LATENT 3

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("raqam-album-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "kept.json", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static RaqamKept *
make_kept (int i)
{
  g_autofree char *name = g_strdup_printf ("name “%d”\n\"و\"", i);
  RaqamStyleRecord *record = g_new0 (RaqamStyleRecord, 1);
  guint8 pixels[RAQAM_IMAGE_SIZE];

  raqam_style_init (&record->style, i % 10, LATENT);
  record->style.z[0] = 0.1f * (float) i;
  record->style.z[1] = -1e-8f;
  record->style.z[2] = 1 / 3.0f;
  record->model = g_strdup ("run");
  for (int p = 0; p < RAQAM_IMAGE_SIZE; p++)
    pixels[p] = (guint8) (p * 7 + i);
  return raqam_kept_new (record, name, pixels);
}

static GPtrArray *
make_album (int n)
{
  GPtrArray *album = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_kept_free);

  for (int i = 0; i < n; i++)
    g_ptr_array_add (album, make_kept (i));
  return album;
}

static void
write_album (const Fixture *fixture, GPtrArray *album)
{
  g_autofree char *text
    = raqam_album_to_json ((RaqamKept *const *) album->pdata, album->len, "Test");
  g_autoptr (GError) error = NULL;

  raqam_album_write (fixture->path, text, &error);
  g_assert_no_error (error);
}

static GPtrArray *
load (const Fixture *fixture)
{
  g_autofree char *moved = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *album = raqam_album_load (&moved, fixture->path, LATENT, &error);

  g_assert_no_error (error);
  g_assert_null (moved);
  return album;
}

static void
assert_round_trip (const Fixture *fixture, int n)
{
  g_autoptr (GPtrArray) album = make_album (n), back = NULL;

  write_album (fixture, album);
  back = load (fixture);
  g_assert_cmpuint (back->len, ==, (guint) n);
  for (guint i = 0; i < back->len; i++)
    {
      const RaqamKept *a = album->pdata[i], *b = back->pdata[i];

      g_assert_cmpstr (a->id, ==, b->id);
      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpint (a->created, ==, b->created);
      g_assert_true (raqam_style_equal (&a->record->style, &b->record->style));
      g_assert_cmpstr (a->record->model, ==, b->record->model);
      g_assert_cmpmem (a->pixels, sizeof a->pixels, b->pixels, sizeof b->pixels);
    }
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  assert_round_trip (fixture, 0);
  assert_round_trip (fixture, 1);
  assert_round_trip (fixture, 30);
}

static void
test_locale (Fixture *fixture, gconstpointer data)
{
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale de_DE.UTF-8, with its decimal comma");
      return;
    }
  assert_round_trip (fixture, 3);
  setlocale (LC_ALL, "C");
}

static void
test_ids (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamKept) a = make_kept (1), b = make_kept (1), copy = raqam_kept_copy (a);

  g_assert_cmpstr (a->id, !=, b->id);
  g_assert_cmpstr (a->id, ==, copy->id);
  g_assert_cmpmem (a->pixels, sizeof a->pixels, copy->pixels, sizeof copy->pixels);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) album = load (fixture);

  g_assert_cmpuint (album->len, ==, 0);
}

/* Puts @with in the place of the first @from in an album of two. */
static char *
damage (const char *from, const char *with)
{
  g_autoptr (GPtrArray) album = make_album (2);
  g_autofree char *text
    = raqam_album_to_json ((RaqamKept *const *) album->pdata, album->len, "Test");
  const char *at = strstr (text, from);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, with, at + strlen (from));
}

static const struct
{
  const char *from, *with;
} damages[] = {
  { "\"raqam\": \"kept\"", "\"raqam\": \"style\"" },
  { "\"version\": 1", "\"version\": \"1\"" },
  { "\"kept\": [", "\"kept\": [[" },
  { "\"kept\": [", "\"kept\": [7, " },
  { "\"kept\": [", "\"kep\": [" },
  { "\"id\"", "\"it\"" },
  { "\"name\"", "\"mane\"" },
  { "\"created\"", "\"c\"" },
  { "\"digit\": 0", "\"digit\": 12" },
  { "\"pixels\": \"", "\"pixels\": \"AAAA" },
  { "\"pixels\"", "\"pixel\"" },
  { "\"latent\": 3", "\"latent\": 4" },
  { "\"z\": [0", "\"z\": [0, 0" },
  { "\"latent\": 3, \"z\": [0", "\"latent\": 4, \"z\": [0, 0" },
};

static void
assert_moved_aside (const Fixture *fixture, const char *text, gsize size, const char *suffix)
{
  g_autofree char *moved = NULL, *aside = g_strconcat (fixture->path, suffix, NULL), *found = NULL;
  g_autoptr (GError) error = NULL;
  gsize found_size;

  g_assert_true (g_file_set_contents (fixture->path, text, (gssize) size, NULL));
  g_assert_null (raqam_album_load (&moved, fixture->path, LATENT, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_test_message ("%s", error->message);
  g_assert_cmpstr (moved, ==, aside);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (aside, &found, &found_size, NULL));
  g_assert_cmpmem (found, found_size, text, size);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *text = damage (damages[i].from, damages[i].with);
      g_autofree char *suffix
        = i == 0 ? g_strdup (".damaged") : g_strdup_printf (".damaged-%u", i + 1);

      g_test_message ("%s", damages[i].with);
      assert_moved_aside (fixture, text, strlen (text), suffix);
    }
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = damage ("kept", "kept");

  assert_moved_aside (fixture, text, strlen (text) / 2, ".damaged");
  assert_moved_aside (fixture, text, 0, ".damaged-2");
  assert_moved_aside (fixture, "\0\xff\0\x80", 4, ".damaged-3");
}

/* After that an empty one begins, and the damaged one stays where it is. */
static void
test_begins_anew (Fixture *fixture, gconstpointer data)
{
  assert_moved_aside (fixture, "{", 1, ".damaged");
  assert_round_trip (fixture, 2);
  assert_moved_aside (fixture, "[", 1, ".damaged-2");
}

static void
test_later_version (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = damage ("\"version\": 1", "\"version\": 2");
  g_autofree char *moved = NULL, *found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  g_assert_null (raqam_album_load (&moved, fixture->path, LATENT, &error));
  g_assert_nonnull (strstr (error->message, "later version"));
  g_assert_null (moved);
  g_assert_true (g_file_get_contents (fixture->path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

/* A folder in the file's place can neither be read nor replaced. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *moved = NULL;
  g_autoptr (GError) error = NULL, write_error = NULL;

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  g_assert_null (raqam_album_load (&moved, fixture->path, LATENT, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, G_FILE_ERROR);
  g_assert_null (moved);
  g_assert_false (raqam_album_write (fixture->path, "{}", &write_error));
  g_assert_cmpint (write_error->domain, ==, G_FILE_ERROR);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_DIR));
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *below = g_build_filename (fixture->path, "below", "0123.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "a file", -1, NULL));
  g_assert_false (raqam_album_write (below, "{}", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

/* A model's folder is made, that of a run that is gone is not. */
static void
test_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = g_build_filename (fixture->folder, "kept", NULL);
  g_autofree char *of_model = g_build_filename (kept, "0123.json", NULL);
  g_autofree char *run = g_build_filename (fixture->folder, "gone", NULL);
  g_autofree char *of_run = g_build_filename (run, "kept.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_album_write (of_model, "{}", &error));
  g_assert_no_error (error);
  g_assert_false (raqam_album_write (of_run, "{}", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "gone"));
  g_assert_false (g_file_test (run, G_FILE_TEST_EXISTS));

  g_assert_cmpint (g_unlink (of_model), ==, 0);
  g_assert_cmpint (g_rmdir (kept), ==, 0);
}

static char *
path_for (const char *origin, float weight)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  g_autoptr (RaqamModel) model = raqam_model_new (recipe);

  model->origin = g_strdup (origin);
  model->params[0] = weight;
  return raqam_album_path (model);
}

/* A run's checkpoints share its album; other files go by what is in them. */
static void
test_path (Fixture *fixture, gconstpointer data)
{
  g_autofree char *run = g_build_filename (fixture->folder, "run.json", NULL);
  g_autofree char *a
    = g_build_filename (fixture->folder, "checkpoints", "step-000000000001.safetensors", NULL);
  g_autofree char *b
    = g_build_filename (fixture->folder, "checkpoints", "step-000000000002.safetensors", NULL);
  g_autofree char *kept = g_build_filename (g_get_user_data_dir (), "raqam", "kept", NULL);
  g_autofree char *no_run = path_for (a, 1), *of_a = NULL, *of_b = NULL, *of_run = NULL;
  g_autofree char *loose = path_for ("/x/one.safetensors", 1);
  g_autofree char *same = path_for ("/y/two.safetensors", 1);
  g_autofree char *other = path_for ("/x/one.safetensors", 2);

  g_assert_true (g_file_set_contents (run, "{}", -1, NULL));
  of_a = path_for (a, 1);
  of_b = path_for (b, 2);
  of_run = path_for (fixture->folder, 3);
  g_assert_cmpstr (of_a, ==, fixture->path);
  g_assert_cmpstr (of_b, ==, fixture->path);
  g_assert_cmpstr (of_run, ==, fixture->path);
  g_assert_true (g_str_has_prefix (loose, kept));
  g_assert_cmpstr (loose, ==, same);
  g_assert_cmpstr (loose, ==, no_run);
  g_assert_cmpstr (loose, !=, other);
}

#define ADD(name, test) g_test_add ("/album/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* G_TEST_OPTION_ISOLATE_DIRS would do, but leaks. Nothing is written there. */
  g_setenv ("XDG_DATA_HOME", g_get_tmp_dir (), TRUE);

  ADD ("round-trip", test_round_trip);
  ADD ("locale", test_locale);
  ADD ("ids", test_ids);
  ADD ("none", test_none);
  ADD ("damaged", test_damaged);
  ADD ("cut", test_cut);
  ADD ("begins-anew", test_begins_anew);
  ADD ("later-version", test_later_version);
  ADD ("unreadable", test_unreadable);
  ADD ("no-folder", test_no_folder);
  ADD ("folder", test_folder);
  ADD ("path", test_path);

  return g_test_run ();
}
