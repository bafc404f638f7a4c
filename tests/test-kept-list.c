/* test-kept-list.c — what is kept for a model: read, changed, saved.
 * SPDX-License-Identifier: MIT */

#include "app/kept-list.h"

#include "engine/model-private.h"

#include <string.h>

#include <glib/gstdio.h>

typedef struct
{
  char          *folder; /* a run's */
  char          *path;   /* its album's */
  RaqamModel    *model;
  RaqamKeptList *list;
  guint          n_problems;
  guint          n_paths; /* times that an album has come */
} Fixture;

static void
problem_cb (RaqamKeptList *list, const char *message, Fixture *fixture)
{
  g_test_message ("%s", message);
  fixture->n_problems++;
}

static void
path_cb (RaqamKeptList *list, GParamSpec *pspec, Fixture *fixture)
{
  fixture->n_paths++;
}

static RaqamModel *
make_model (const char *origin, float weight)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  RaqamModel *model = raqam_model_new (recipe);

  model->origin = g_strdup (origin);
  model->params[0] = weight;
  return model;
}

static void
open_list (Fixture *fixture)
{
  fixture->list = raqam_kept_list_new ();
  fixture->n_paths = fixture->n_problems = 0;
  g_signal_connect (fixture->list, "problem", G_CALLBACK (problem_cb), fixture);
  g_signal_connect (fixture->list, "notify::path", G_CALLBACK (path_cb), fixture);
  raqam_kept_list_set_model (fixture->list, fixture->model);
  while (fixture->n_paths == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *run = NULL;

  fixture->folder = g_dir_make_tmp ("raqam-kept-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "kept.json", NULL);
  run = g_build_filename (fixture->folder, "run.json", NULL);
  g_assert_true (g_file_set_contents (run, "{}", -1, NULL));
  fixture->model = make_model (fixture->folder, 1);
  open_list (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_object (&fixture->list);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  raqam_model_unref (fixture->model);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* Letting go of the list waits for what is still to be written. */
static void
open_again (Fixture *fixture)
{
  g_clear_object (&fixture->list);
  open_list (fixture);
  g_assert_cmpuint (fixture->n_problems, ==, 0);
}

static void
insert (Fixture *fixture, guint position, const char *name)
{
  const guint8 pixels[RAQAM_IMAGE_SIZE] = { 1, 2, 3 };
  RaqamStyle style;
  g_autoptr (RaqamKeptItem) item = NULL;

  raqam_style_init (&style, 1, fixture->model->recipe->latent);
  item = raqam_kept_item_new (
    raqam_kept_new (raqam_style_record_new (&style, fixture->model, FALSE), name, pixels));
  g_assert_true (raqam_kept_list_insert (fixture->list, position, item));
}

/* Goes on until the album has a picture called @name, or none. */
static void
await_written (Fixture *fixture, const char *name, gboolean there)
{
  g_autofree char *wanted = g_strdup_printf ("\"name\": \"%s\"", name);
  gboolean found;

  do
    {
      g_autofree char *text = NULL;

      g_main_context_iteration (NULL, FALSE);
      found = g_file_get_contents (fixture->path, &text, NULL, NULL) && strstr (text, wanted) != NULL;
    }
  while (found != there);
}

static RaqamKeptItem *
item_at (const Fixture *fixture, guint position)
{
  g_autoptr (RaqamKeptItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->list), position);

  return item;
}

/* @wanted: each name is one letter */
static void
assert_names (const Fixture *fixture, const char *wanted)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->list)); i++)
    g_string_append (names, raqam_kept_item_get_name (item_at (fixture, i)));
  g_assert_cmpstr (names->str, ==, wanted);
  g_assert_null (item_at (fixture, (guint) names->len));
  g_string_free (names, TRUE);
}

static void
fill (Fixture *fixture)
{
  insert (fixture, 0, "a");
  insert (fixture, 9, "b");
  insert (fixture, 2, "c");
  insert (fixture, 3, "d");
  assert_names (fixture, "abcd");
}

static void
test_keep (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  open_again (fixture);
  assert_names (fixture, "abcd");
  g_assert_cmpint (raqam_kept_item_get_style (item_at (fixture, 2))->digit, ==, 1);
  g_assert_cmpint (raqam_kept_item_get_pixels (item_at (fixture, 2))[2], ==, 3);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, guint told[3])
{
  told[0] = position;
  told[1] = removed;
  told[2] = added;
}

static void
test_move (Fixture *fixture, gconstpointer data)
{
  guint told[3] = { 0 };

  fill (fixture);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (changed_cb), told);
  raqam_kept_list_move (fixture->list, 1, 3);
  assert_names (fixture, "acdb");
  g_assert_cmpuint (told[0], ==, 1);
  g_assert_cmpuint (told[1], ==, 3);
  g_assert_cmpuint (told[2], ==, 3);
  raqam_kept_list_move (fixture->list, 2, 0);
  assert_names (fixture, "dacb");
  raqam_kept_list_move (fixture->list, 2, 2);
  assert_names (fixture, "dacb");
  open_again (fixture);
  assert_names (fixture, "dacb");
}

static void
test_remove_and_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamKeptItem) item = NULL;
  guint position;

  fill (fixture);
  item = g_object_ref (item_at (fixture, 1));
  g_assert_true (raqam_kept_list_find (fixture->list, item, &position));
  g_assert_cmpuint (position, ==, 1);
  raqam_kept_list_remove (fixture->list, 1);
  g_assert_false (raqam_kept_list_find (fixture->list, item, &position));
  assert_names (fixture, "acd");
  open_again (fixture);
  assert_names (fixture, "acd");
  g_assert_true (raqam_kept_list_insert (fixture->list, 1, item));
  assert_names (fixture, "abcd");
  open_again (fixture);
  assert_names (fixture, "abcd");
}

static void
test_rename (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  raqam_kept_list_rename (fixture->list, 3, "ی");
  assert_names (fixture, "abcی");
  open_again (fixture);
  assert_names (fixture, "abcی");
}

/* Another model's album takes its place, and what was changed last is there again. */
static void
test_models (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) other = make_model ("/nowhere/other.safetensors", 5);

  fill (fixture);
  raqam_kept_list_set_model (fixture->list, other);
  raqam_kept_list_set_model (fixture->list, fixture->model);
  while (fixture->n_paths < 3)
    g_main_context_iteration (NULL, TRUE);
  assert_names (fixture, "abcd");
  raqam_kept_list_set_model (fixture->list, other);
  while (fixture->n_paths < 4)
    g_main_context_iteration (NULL, TRUE);
  assert_names (fixture, "");
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->path, ".damaged", NULL), *found = NULL;

  g_clear_object (&fixture->list);
  g_assert_true (g_file_set_contents (fixture->path, "mine", -1, NULL));
  open_list (fixture);
  g_assert_cmpuint (fixture->n_problems, ==, 1);
  insert (fixture, 0, "a");
  open_again (fixture);
  assert_names (fixture, "a");
  g_assert_true (g_file_get_contents (aside, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "mine");
}

/* Two windows of one run: what each keeps and names is there, and comes to the other with
 * its next change. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  Fixture other = { .folder = fixture->folder, .path = fixture->path, .model = fixture->model };
  guint n;

  fill (fixture);
  g_clear_object (&fixture->list);
  open_list (fixture);
  open_list (&other);
  assert_names (&other, "abcd");

  insert (fixture, 9, "e");
  raqam_kept_list_rename (fixture->list, 1, "B");
  raqam_kept_list_remove (fixture->list, 0);
  await_written (fixture, "a", FALSE);
  insert (&other, 0, "f");
  raqam_kept_list_rename (other.list, 3, "C");
  for (n = 0; n < 6; n = g_list_model_get_n_items (G_LIST_MODEL (other.list)))
    g_main_context_iteration (NULL, TRUE);
  assert_names (&other, "faBCde");
  await_written (&other, "C", TRUE);

  /* Deleted in one and there in the other: it stays in the other, and in the album. */
  raqam_kept_list_move (fixture->list, 0, 1);
  assert_names (fixture, "cBde");
  for (n = 0; n < 5; n = g_list_model_get_n_items (G_LIST_MODEL (fixture->list)))
    g_main_context_iteration (NULL, TRUE);
  assert_names (fixture, "CBdef");
  raqam_kept_list_remove (fixture->list, 4);
  g_clear_object (&fixture->list);
  raqam_kept_list_remove (other.list, 5);
  g_clear_object (&other.list);
  open_list (fixture);
  assert_names (fixture, "faBCd");
}

/* What another program has damaged is moved aside, not written over. */
static void
test_damaged_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->path, ".damaged", NULL), *found = NULL;

  insert (fixture, 0, "a");
  await_written (fixture, "a", TRUE);
  g_assert_true (g_file_set_contents (fixture->path, "mine", -1, NULL));
  insert (fixture, 1, "b");
  while (fixture->n_problems == 0)
    g_main_context_iteration (NULL, TRUE);
  open_again (fixture);
  assert_names (fixture, "ab");
  g_assert_true (g_file_get_contents (aside, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "mine");
}

/* A later version's album is not written to. */
static void
test_later_version (Fixture *fixture, gconstpointer data)
{
  const char text[] = "{\"raqam\": \"kept\", \"version\": 9}";
  const guint8 pixels[RAQAM_IMAGE_SIZE] = { 0 };
  g_autoptr (RaqamKeptItem) item = NULL;
  g_autofree char *found = NULL;
  RaqamStyle style;

  g_clear_object (&fixture->list);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  open_list (fixture);
  g_assert_cmpuint (fixture->n_problems, ==, 1);
  raqam_style_init (&style, 1, fixture->model->recipe->latent);
  item = raqam_kept_item_new (
    raqam_kept_new (raqam_style_record_new (&style, NULL, FALSE), "a", pixels));
  g_assert_false (raqam_kept_list_insert (fixture->list, 0, item));
  g_clear_object (&fixture->list);
  g_assert_true (g_file_get_contents (fixture->path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static void
test_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  insert (fixture, 0, "a");
  while (fixture->n_problems == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_names (fixture, "a");
}

#define ADD(name, test) g_test_add ("/kept-list/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("keep", test_keep);
  ADD ("move", test_move);
  ADD ("remove-and-undo", test_remove_and_undo);
  ADD ("rename", test_rename);
  ADD ("models", test_models);
  ADD ("damaged", test_damaged);
  ADD ("two", test_two);
  ADD ("damaged-meanwhile", test_damaged_meanwhile);
  ADD ("later-version", test_later_version);
  ADD ("cannot-write", test_cannot_write);

  return g_test_run ();
}
