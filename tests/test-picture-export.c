/* test-picture-export.c — a generated picture or its vector, as a file or as bytes.
 * SPDX-License-Identifier: MIT */

#include "app/picture-export.h"

#include "engine/model-private.h"
#include "engine/style-record.h"

#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

static RaqamPictureExport *
make_export (int side, gboolean crisp, gboolean dark, gboolean png)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  RaqamPictureExport *export = g_new0 (RaqamPictureExport, 1);
  guint8 pixels[RAQAM_IMAGE_SIZE];

  for (int p = 0; p < RAQAM_IMAGE_SIZE; p++)
    pixels[p] = (guint8) (p * 37);
  raqam_style_init (&export->style, 6, recipe->latent);
  export->style.z[3] = 0.1f;
  export->model = raqam_model_new (recipe);
  export->model->origin = g_strdup ("/a/مدل.safetensors");
  export->pixels = png ? g_bytes_new (pixels, sizeof pixels) : NULL;
  export->look = (RaqamPictureLook) { side, crisp, dark };
  return export;
}

static void
assert_carries_style (GBytes *bytes, const RaqamStyle *style, gboolean checksum)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamStyleRecord) record = raqam_style_record_read (
    g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "here", &error);

  g_assert_no_error (error);
  g_assert_true (raqam_style_equal (&record->style, style));
  g_assert_cmpstr (record->model, ==, "مدل.safetensors");
  g_assert_cmpint (record->generator != NULL, ==, checksum);
}

/* By another reader than the writer. */
static GdkPixbuf *
decode (GBytes *png)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (png);
  g_autoptr (GError) error = NULL;
  GdkPixbuf *pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  return pixbuf;
}

static int
grey_at (const GdkPixbuf *pixbuf, int x, int y)
{
  return gdk_pixbuf_read_pixels (pixbuf)[y * gdk_pixbuf_get_rowstride (pixbuf)
                                         + x * gdk_pixbuf_get_n_channels (pixbuf)];
}

static void
test_crisp (void)
{
  static const int sides[] = { 28, 56, 112, 224, 448, 896 };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (sides); i++)
    {
      int side = sides[i / 2], scale = side / RAQAM_IMAGE_SIDE;
      gboolean dark = i % 2;
      g_autoptr (RaqamPictureExport) export = make_export (side, TRUE, dark, TRUE);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) png = raqam_picture_export_encode (export, FALSE, &error);
      g_autoptr (GdkPixbuf) pixbuf = NULL;

      g_assert_no_error (error);
      assert_carries_style (png, &export->style, FALSE);
      pixbuf = decode (png);
      g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, side);
      g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, side);
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
          {
            int ink = (guint8) ((y / scale * RAQAM_IMAGE_SIDE + x / scale) * 37);

            g_assert_cmpint (grey_at (pixbuf, x, y), ==, dark ? 255 - ink : ink);
          }
    }
}

/* At 28 pixels smooth is what the model drew; beyond it is no longer made of blocks. */
static void
test_smooth (void)
{
  g_autoptr (RaqamPictureExport) small = make_export (28, FALSE, FALSE, TRUE);
  g_autoptr (RaqamPictureExport) crisp = make_export (28, TRUE, FALSE, TRUE);
  g_autoptr (RaqamPictureExport) large = make_export (224, FALSE, TRUE, TRUE);
  g_autoptr (GBytes) a = raqam_picture_export_encode (small, FALSE, NULL);
  g_autoptr (GBytes) b = raqam_picture_export_encode (crisp, FALSE, NULL);
  g_autoptr (GBytes) c = raqam_picture_export_encode (large, FALSE, NULL);
  g_autoptr (GdkPixbuf) pixbuf = decode (c);
  int steps = 0;

  g_assert_true (g_bytes_equal (a, b));
  for (int x = 1; x < 8; x++)
    steps += grey_at (pixbuf, 80 + x, 100) != grey_at (pixbuf, 80 + x - 1, 100);
  g_assert_cmpint (steps, >=, 4);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GBytes *
export_to (RaqamPictureExport *export, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  raqam_picture_export_async (export, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return raqam_picture_export_finish (result, error);
}

static void
test_vector_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("raqam-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "v.json", NULL), *text = NULL;
  RaqamPictureExport *export = make_export (28, FALSE, FALSE, FALSE);
  RaqamStyle style = export->style;
  g_autoptr (GBytes) bytes = NULL, found = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  export->path = g_strdup (path);
  bytes = export_to (export, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  found = g_bytes_new (text, size);
  g_assert_true (g_bytes_equal (found, bytes));
  assert_carries_style (found, &style, TRUE);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_no_folder (void)
{
  RaqamPictureExport *export = make_export (28, FALSE, FALSE, TRUE);
  g_autoptr (GError) error = NULL;

  export->path = g_strdup ("/nowhere/at/all/p.png");
  g_assert_null (export_to (export, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture-export/crisp", test_crisp);
  g_test_add_func ("/picture-export/smooth", test_smooth);
  g_test_add_func ("/picture-export/vector-file", test_vector_file);
  g_test_add_func ("/picture-export/no-folder", test_no_folder);

  return g_test_run ();
}
