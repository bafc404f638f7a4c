/* toy.c — a small data set and small recipes, quick enough to train in a test.
 * SPDX-License-Identifier: MIT */

#include "toy.h"

#include "cdb-bytes.h"
#include "engine/safetensors.h"

#include <glib/gstdio.h>
#include <string.h>

char *
toy_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("raqam-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
toy_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        toy_remove (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

char *
toy_write_data (const char *folder, int n)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (FALSE, 28, 28);
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, "Train toy.cdb", NULL);

  for (int i = 0; i < n; i++)
    {
      guint8 pixels[28 * 28] = { 0 };
      int digit = i % 10, top = 4 + i / 10 % 3;

      for (int y = top; y < top + (digit < 5 ? 5 : 18); y++)
        memset (pixels + y * 28 + 4, 255, 3 + digit % 5 * 4);
      cdb_bytes_add (bytes, (guint8) digit, 28, 28, pixels);
    }

  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  return path;
}

RaqamDataset *
toy_dataset (const char *folder, int n)
{
  g_autofree char *path = toy_write_data (folder, n);
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  RaqamDataset *dataset = raqam_dataset_load (paths, FALSE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return dataset;
}

RaqamRecipe *
toy_recipe (const char *like)
{
  g_autoptr (GError) error = NULL;
  RaqamRecipe *recipe = raqam_recipe_find (like, &error);

  g_assert_no_error (error);
  recipe->batch = 10;
  recipe->epochs = 3;
  recipe->seed = 7;
  recipe->calibration = MIN (recipe->calibration, 200);
  for (int i = 0; i < recipe->n_generator - 1; i++)
    recipe->generator[i].filters = 8;
  for (int i = 0; i < recipe->n_discriminator - 1; i++)
    recipe->discriminator[i].filters = 8;

  return recipe;
}

void
toy_poison (const char *to, const char *from, const char *name, float value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (from, &error);
  gsize n = raqam_safetensors_get_n_tensors (file);
  g_autofree RaqamTensor *tensors = g_new (RaqamTensor, n);
  g_autofree float *poisoned = NULL;
  const char *const keys[] = { "raqam.recipe", "raqam.step", "raqam.data" };
  const char *metadata[2 * G_N_ELEMENTS (keys) + 1] = { NULL };

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      metadata[2 * i] = keys[i];
      metadata[2 * i + 1] = raqam_safetensors_get_metadata (file, keys[i]);
    }
  for (gsize i = 0; i < n; i++)
    {
      tensors[i] = *raqam_safetensors_get_tensor (file, i);
      if (!g_str_equal (tensors[i].name, name))
        continue;
      poisoned = g_memdup2 (tensors[i].data, raqam_tensor_size (&tensors[i]));
      poisoned[0] = value;
      tensors[i].data = poisoned;
    }
  g_assert_nonnull (poisoned);
  raqam_safetensors_write (to, tensors, n, metadata, &error);
  g_assert_no_error (error);
}
