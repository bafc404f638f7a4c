/* test-ink.c — digits as textures.
 * SPDX-License-Identifier: MIT */

#include "app/ink.h"

#include "engine/recipe.h"

#define SIDE RAQAM_IMAGE_SIDE

/* Returns: alpha of the texture's pixel; what is not black fails */
static guint
ink_at (GdkTexture *texture, int x, int y)
{
  int width = gdk_texture_get_width (texture);
  g_autofree guint32 *pixels = g_new (guint32, width * gdk_texture_get_height (texture));

  gdk_texture_download (texture, (guchar *) pixels, width * sizeof *pixels);
  g_assert_cmphex (pixels[y * width + x] & 0xffffff, ==, 0);
  return pixels[y * width + x] >> 24;
}

/* Two digits: the first has ink in its upper left pixel, the second everywhere. */
static void
test_places (gconstpointer data)
{
  gboolean reversed = GPOINTER_TO_INT (data);
  guint8 pixels[2 * RAQAM_IMAGE_SIZE] = { 255 };
  g_autoptr (GdkTexture) texture = NULL;
  int first = reversed ? SIDE + 2 : 0;
  int second = reversed ? 0 : SIDE + 2;

  for (int i = RAQAM_IMAGE_SIZE; i < 2 * RAQAM_IMAGE_SIZE; i++)
    pixels[i] = 200;
  texture = raqam_ink_texture_new (pixels, 2, 1, 1, 1, reversed);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 2 * (SIDE + 2));
  g_assert_cmpint (gdk_texture_get_height (texture), ==, SIDE + 2);

  g_assert_cmpuint (ink_at (texture, first + 1, 1), ==, 255);
  g_assert_cmpuint (ink_at (texture, first, 1), ==, 0);
  g_assert_cmpuint (ink_at (texture, first + 2, 1), ==, 0);
  g_assert_cmpuint (ink_at (texture, second + 1, 1), ==, 200);
  g_assert_cmpuint (ink_at (texture, second + SIDE, SIDE), ==, 200);
  g_assert_cmpuint (ink_at (texture, second + SIDE + 1, SIDE), ==, 0);
}

/* Far from an edge a cubic of equal values is that value; across an edge it rises
 * steadily, and overshoots nowhere. */
static void
test_enlarged (void)
{
  guint8 pixels[RAQAM_IMAGE_SIZE];
  g_autoptr (GdkTexture) texture = NULL;
  guint before = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    pixels[i] = i % SIDE < SIDE / 2 ? 0 : 255;
  texture = raqam_ink_texture_new (pixels, 1, 1, 0, 8, FALSE);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 8 * SIDE);
  g_assert_cmpuint (ink_at (texture, 8 * 4, 8 * 14), ==, 0);
  g_assert_cmpuint (ink_at (texture, 8 * 22, 8 * 14), ==, 255);
  for (int x = 8 * 13; x < 8 * 15; x++)
    {
      guint ink = ink_at (texture, x, 8 * 14);

      g_assert_cmpuint (ink, >=, before);
      before = ink;
    }
  g_assert_cmpuint (before, ==, 255);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/ink/places/forward", GINT_TO_POINTER (FALSE), test_places);
  g_test_add_data_func ("/ink/places/reversed", GINT_TO_POINTER (TRUE), test_places);
  g_test_add_func ("/ink/enlarged", test_enlarged);
  return g_test_run ();
}
