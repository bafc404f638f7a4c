/* test-directions-cache.c — kept directions come back, and damaged ones do not.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-cache.h"

#include "engine/model-private.h"
#include "engine/network.h"
#include "engine/safetensors.h"
#include "toy.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define LATENT 12
#define DIGIT 7
#define KEY "0123456789abcdef"

static void
fill (RaqamDirections *self)
{
  memset (self, 0, sizeof *self);
  self->latent = LATENT;
  self->n = RAQAM_DIRECTIONS_MAX;
  for (int d = 0; d < self->n; d++)
    {
      self->list[d].vector[d] = -0.6f;
      self->list[d].vector[d + 1] = 0.8f;
      self->list[d].share = 1.0 / (d + 2);
      self->list[d].meaning = d < RAQAM_N_SHAPES ? d : RAQAM_DIRECTION_UNNAMED;
      for (int m = 0; m < RAQAM_N_SHAPES; m++)
        self->list[d].effects[m] = d - m / 3.0;
    }
}

static gboolean
load (int digit, int latent)
{
  g_autofree RaqamDirections *loaded = g_new (RaqamDirections, 1);

  return raqam_directions_cache_load (loaded, KEY, digit, latent);
}

static void
test_kept (void)
{
  g_autofree RaqamDirections *saved = g_new (RaqamDirections, 1);
  g_autofree RaqamDirections *loaded = g_new0 (RaqamDirections, 1);

  fill (saved);
  raqam_directions_cache_save (saved, KEY, DIGIT);
  g_assert_true (raqam_directions_cache_load (loaded, KEY, DIGIT, LATENT));
  g_assert_cmpmem (loaded, sizeof *loaded, saved, sizeof *saved);
  g_assert_false (load (DIGIT + 1, LATENT));
  g_assert_false (load (DIGIT, LATENT + 1));
  g_assert_false (load (DIGIT, LATENT - 1));
}

/* A file of another digit under this one's name. */
static void
test_foreign (void)
{
  g_autofree RaqamDirections *saved = g_new (RaqamDirections, 1);
  g_autofree char *from = raqam_directions_cache_path (KEY, 1);
  g_autofree char *to = raqam_directions_cache_path (KEY, 2);
  g_autofree char *of_other = raqam_directions_cache_path ("another", 1);

  fill (saved);
  raqam_directions_cache_save (saved, KEY, 1);
  g_assert_true (load (1, LATENT));
  g_assert_cmpint (g_rename (from, to), ==, 0);
  g_assert_false (load (2, LATENT));

  raqam_directions_cache_save (saved, "another", 1);
  g_assert_cmpint (g_rename (of_other, from), ==, 0);
  g_assert_false (load (1, LATENT));
}

/* Every byte in turn is changed, and the file is cut everywhere. */
static void
test_damage (void)
{
  g_autofree RaqamDirections *saved = g_new (RaqamDirections, 1);
  g_autofree char *path = raqam_directions_cache_path (KEY, 4);
  g_autofree char *bytes = NULL;
  gsize size;

  fill (saved);
  raqam_directions_cache_save (saved, KEY, 4);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (gsize i = 0; i < size; i += 7)
    {
      bytes[i] ^= 0x10;
      g_assert_true (g_file_set_contents (path, bytes, size, NULL));
      g_assert_false (load (4, LATENT));
      bytes[i] ^= 0x10;
      g_assert_true (g_file_set_contents (path, bytes, i, NULL));
      g_assert_false (load (4, LATENT));
    }
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  g_assert_true (load (4, LATENT));
}

/* Whole files by our own hand whose numbers, version or checksum are not right. */
static void
write_file (const char *version, float first, gint32 meaning)
{
  g_autofree char *path = raqam_directions_cache_path (KEY, 5);
  float vectors[2 * 2] = { first, 0, 0, 1 };
  double effects[2 * RAQAM_N_SHAPES] = { 0 }, shares[2] = { 0 };
  gint32 meanings[2] = { RAQAM_DIRECTION_UNNAMED, meaning };
  const RaqamTensor tensors[] = {
    { "vectors", RAQAM_DTYPE_F32, 2, { 2, 2 }, vectors },
    { "effects", RAQAM_DTYPE_F64, 2, { 2, RAQAM_N_SHAPES }, effects },
    { "shares", RAQAM_DTYPE_F64, 1, { 2 }, shares },
    { "meanings", RAQAM_DTYPE_I32, 1, { 2 }, meanings },
  };
  const char *metadata[] = { "raqam.directions", version, "raqam.directions.generator", KEY,
                             "raqam.directions.digit", "5", NULL };
  g_autoptr (GError) error = NULL;

  raqam_safetensors_write (path, tensors, G_N_ELEMENTS (tensors), metadata, &error);
  g_assert_no_error (error);
}

static void
test_wrong (void)
{
  write_file ("1", -1, RAQAM_SHAPE_INK);
  g_assert_true (load (5, 2));
  write_file ("0", -1, RAQAM_SHAPE_INK);
  g_assert_false (load (5, 2));
  write_file ("1", 0.9f, RAQAM_SHAPE_INK);
  g_assert_false (load (5, 2));
  write_file ("1", (float) G_MAXDOUBLE, RAQAM_SHAPE_INK);
  g_assert_false (load (5, 2));
  write_file ("1", -1, RAQAM_N_SHAPES);
  g_assert_false (load (5, 2));
  write_file ("1", -1, RAQAM_DIRECTION_UNNAMED - 1);
  g_assert_false (load (5, 2));
}

/* Where nothing can be kept there is no complaint. */
static void
test_no_room (void)
{
  g_autofree RaqamDirections *saved = g_new (RaqamDirections, 1);
  g_autofree char *path = raqam_directions_cache_path (KEY, 6);

  fill (saved);
  g_assert_cmpint (g_mkdir_with_parents (path, 0777), ==, 0);
  raqam_directions_cache_save (saved, KEY, 6);
  g_assert_false (load (6, LATENT));
}

/* Brings the file of number @i to a time before now. */
static void
make_old (int i, int seconds)
{
  g_autofree char *key = g_strdup_printf ("old-%d", i);
  g_autofree char *path = raqam_directions_cache_path (key, 1);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (g_utime (path, &(struct utimbuf){ now - seconds, now - seconds }), ==, 0);
}

static gboolean
load_old (int i)
{
  g_autofree RaqamDirections *loaded = g_new (RaqamDirections, 1);
  g_autofree char *key = g_strdup_printf ("old-%d", i);

  return raqam_directions_cache_load (loaded, key, 1, LATENT);
}

/* Of more than 64 files the oldest goes, unless it was looked at; other files stay. */
static void
test_pruned (void)
{
  g_autofree RaqamDirections *saved = g_new (RaqamDirections, 1);
  g_autofree char *any = raqam_directions_cache_path (KEY, 1);
  g_autofree char *folder = g_path_get_dirname (any);
  g_autofree char *foreign = g_build_filename (folder, "notes.txt", NULL);
  g_autoptr (GDir) dir = NULL;
  int n = 0;

  toy_remove (folder);
  fill (saved);
  for (int i = 0; i < 64; i++)
    {
      g_autofree char *key = g_strdup_printf ("old-%d", i);

      raqam_directions_cache_save (saved, key, 1);
      make_old (i, 1000 + i);
    }
  g_assert_true (g_file_set_contents (foreign, "", 0, NULL));
  g_assert_cmpint (g_utime (foreign, &(struct utimbuf){ 1, 1 }), ==, 0);
  make_old (20, 5000);
  make_old (30, 4000);
  make_old (40, 3000);
  g_assert_true (load_old (20));
  raqam_directions_cache_save (saved, KEY, 1);
  raqam_directions_cache_save (saved, KEY, 2);

  g_assert_true (load (1, LATENT));
  g_assert_true (load (2, LATENT));
  for (int i = 0; i < 64; i++)
    g_assert_true (load_old (i) == (i != 30 && i != 40));
  dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpint (n, ==, 64 + 1);
}

/* The key is that of the weights. */
static void
test_key (void)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  g_autoptr (RaqamModel) model = raqam_model_new (recipe);
  g_autofree char *key = raqam_directions_cache_key (model);
  g_autofree char *other = NULL;

  model->params[0] += 1;
  other = raqam_directions_cache_key (model);
  g_assert_cmpuint (strlen (key), ==, 64);
  g_assert_cmpstr (key, !=, other);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = toy_folder ();
  int result;

  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/directions-cache/kept", test_kept);
  g_test_add_func ("/directions-cache/foreign", test_foreign);
  g_test_add_func ("/directions-cache/damage", test_damage);
  g_test_add_func ("/directions-cache/wrong", test_wrong);
  g_test_add_func ("/directions-cache/no-room", test_no_room);
  g_test_add_func ("/directions-cache/pruned", test_pruned);
  g_test_add_func ("/directions-cache/key", test_key);

  result = g_test_run ();
  toy_remove (folder);
  return result;
}
