/* test-latent-bars.c — where the bars of a latent vector stand.
 * SPDX-License-Identifier: MIT */

#include "app/latent-bars-layout.h"

#define SHOWN 3.0

typedef struct
{
  const char *path;
  int         n;
  int         width;
  gboolean    mirrored;
} Case;

static const Case CASES[] = {
  { "/latent-bars/few", 8, 500, FALSE },         { "/latent-bars/usual", 32, 500, FALSE },
  { "/latent-bars/mirrored", 32, 500, TRUE },    { "/latent-bars/two-rows", 100, 500, FALSE },
  { "/latent-bars/rows-mirrored", 100, 300, TRUE }, { "/latent-bars/most", 512, 547, FALSE },
  { "/latent-bars/narrow", 512, 200, TRUE },     { "/latent-bars/one", 1, 200, FALSE },
};

static RaqamLatentLayout
lay_out (const Case *c)
{
  return raqam_latent_layout (c->n, c->width, raqam_latent_layout_height (c->n, c->width),
                              c->mirrored);
}

/* Each bar has a place of its own that can be pointed at, in reading order. */
static void
test_places (gconstpointer data)
{
  const Case *c = data;
  RaqamLatentLayout layout = lay_out (c);
  int height = raqam_latent_layout_height (c->n, c->width);

  for (int i = 0; i < c->n; i++)
    {
      graphene_rect_t place = raqam_latent_layout_place (&layout, i);
      graphene_rect_t whole = GRAPHENE_RECT_INIT (-0.01f, 0, c->width + 0.02f, height);
      graphene_point_t middle;

      g_assert_cmpfloat (place.size.width, >=, 8.9);
      g_assert_true (graphene_rect_contains_rect (&whole, &place));
      graphene_rect_get_center (&place, &middle);
      g_assert_cmpint (
        raqam_latent_layout_bar (&layout, raqam_latent_layout_row (&layout, middle.y), middle.x),
        ==, i);
      if (i > 0)
        {
          graphene_rect_t before = raqam_latent_layout_place (&layout, i - 1);
          float step = place.origin.x - before.origin.x;

          if (place.origin.y == before.origin.y)
            g_assert_cmpfloat_with_epsilon (c->mirrored ? -step : step, place.size.width, 0.01);
          else
            g_assert_cmpfloat (place.origin.y, >=, before.origin.y + before.size.height);
        }
    }
}

/* The edges of a place are the largest values, its middle is none, and beyond is no more. */
static void
test_values (gconstpointer data)
{
  RaqamLatentLayout layout = lay_out (data);

  for (int row = 0; row * layout.per_row < layout.n; row++)
    {
      graphene_rect_t place = raqam_latent_layout_place (&layout, row * layout.per_row);
      double top = place.origin.y, height = place.size.height;
      const double shares[] = { 0, 0.25, 0.5, 1 };

      for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
        g_assert_cmpfloat_with_epsilon (
          raqam_latent_layout_value (&layout, row, top + shares[i] * height, SHOWN),
          SHOWN - 2 * SHOWN * shares[i], 1e-4);
      g_assert_cmpfloat (raqam_latent_layout_value (&layout, row, top - 400, SHOWN), ==, SHOWN);
      g_assert_cmpfloat (raqam_latent_layout_value (&layout, row, top + height + 400, SHOWN), ==,
                         -SHOWN);
    }
}

/* Where the pointer is outside, the nearest bar is meant. */
static void
test_outside (void)
{
  RaqamLatentLayout layout = raqam_latent_layout (10, 300, 200, FALSE);
  RaqamLatentLayout none = raqam_latent_layout (0, 300, 200, FALSE);

  g_assert_cmpint (raqam_latent_layout_row (&layout, -50), ==, 0);
  g_assert_cmpint (raqam_latent_layout_row (&layout, 900), ==, 0);
  g_assert_cmpint (raqam_latent_layout_bar (&layout, 0, -1), ==, 0);
  g_assert_cmpint (raqam_latent_layout_bar (&layout, 0, 301), ==, 9);
  g_assert_cmpint (raqam_latent_layout_row (&none, 10), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *places = g_strconcat (CASES[i].path, "/places", NULL);
      g_autofree char *values = g_strconcat (CASES[i].path, "/values", NULL);

      g_test_add_data_func (places, &CASES[i], test_places);
      g_test_add_data_func (values, &CASES[i], test_values);
    }
  g_test_add_func ("/latent-bars/outside", test_outside);
  return g_test_run ();
}
