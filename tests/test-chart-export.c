/* test-chart-export.c — charts drawn on paper, without a display.
 * SPDX-License-Identifier: MIT */

#include "app/chart-export.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 400
#define HEIGHT 200

static const char *const names[] = { "Real", "So-called \"real\"" };

static RaqamChart
chart_new (RaqamChartStyle *style, const float *second, guint n)
{
  PangoFontDescription *font = pango_font_description_from_string ("Sans 11");
  RaqamChart chart = { .style = style, .title = "Loss", .names = names, .n_curves = 2,
                       .decimals = 2, .smoothing = 0.05, .crosshair = NAN };
  RaqamCurves *curves = raqam_curves_new (2);

  raqam_chart_style_init_paper (style, font, FALSE, 1);
  pango_font_description_free (font);
  for (guint i = 0; i < n; i++)
    raqam_curves_push (curves, i + 1, (float[]) { 0.25f, second[i] });
  chart.curves = curves;
  return chart;
}

static void
chart_clear (RaqamChart *chart, RaqamChartStyle *style)
{
  raqam_curves_free ((RaqamCurves *) chart->curves);
  raqam_chart_style_clear (style);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GBytes *
export (const RaqamChart *chart, RaqamChartFormat format, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  raqam_chart_export_async (chart, WIDTH, HEIGHT, format, path, NULL, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return raqam_chart_export_finish (result, error);
}

static void
test_table (void)
{
  RaqamChartStyle style;
  RaqamChart chart = chart_new (&style, (float[]) { 1.5f, NAN, -2 }, 3);
  g_autofree char *folder = g_dir_make_tmp ("raqam-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = export (&chart, RAQAM_CHART_CSV, path, &error);

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "epoch,\"Real\",\"So-called \"\"real\"\"\"\r\n"
                             "1,0.25,1.5\r\n2,0.25,\r\n3,0.25,-2\r\n");
  g_remove (path);
  g_rmdir (folder);
  chart_clear (&chart, &style);
}

/* A folder that is not there: an error that names the path, and no file. */
static void
test_no_folder (void)
{
  RaqamChartStyle style;
  RaqamChart chart = chart_new (&style, (float[]) { 1 }, 1);

  for (int format = 0; format < RAQAM_CHART_N_FORMATS; format++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = export (&chart, format, "/nonexistent/chart", &error);

      g_assert_null (bytes);
      g_assert_cmpint (error->domain, ==, G_FILE_ERROR);
      g_assert_nonnull (strstr (error->message, "/nonexistent/chart"));
    }
  chart_clear (&chart, &style);
}

/* Returns: how many pixels of the field's upper left and middle are ink, grey or black */
static guint
ink_in_middle (const float *second, guint n)
{
  RaqamChartStyle style;
  RaqamChart chart = chart_new (&style, second, n);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  RaqamChartField field;
  guint count = 0;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  raqam_chart_draw (&chart, cr, WIDTH, HEIGHT, &field);
  cairo_surface_flush (surface);
  for (int y = field.top; y < field.bottom; y++)
    {
      const guint32 *row = (const guint32 *) (cairo_image_surface_get_data (surface)
                                              + y * cairo_image_surface_get_stride (surface));

      for (int x = field.left; x < field.right; x++)
        count += (row[x] & 0xff) < 0xc0 && (row[x] & 0xff) == (row[x] >> 16 & 0xff);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  chart_clear (&chart, &style);
  return count;
}

/* What is not a number is seen: its column has stripes, and a cross on top. */
static void
test_marks_gaps (void)
{
  g_assert_cmpuint (ink_in_middle ((float[]) { 1, 0.5f, 1, 0.5f }, 4), ==, 0);
  g_assert_cmpuint (ink_in_middle ((float[]) { 1, 0.5f, NAN, 0.5f }, 4), >, 20);
}

static void
test_formats (void)
{
  g_assert_cmpint (raqam_chart_format_of ("a/b.PNG"), ==, RAQAM_CHART_PNG);
  g_assert_cmpint (raqam_chart_format_of ("b.svg"), ==, RAQAM_CHART_SVG);
  g_assert_cmpint (raqam_chart_format_of ("b.svg.pdf"), ==, RAQAM_CHART_PDF);
  g_assert_cmpint (raqam_chart_format_of (".csv"), ==, RAQAM_CHART_N_FORMATS);
  g_assert_cmpint (raqam_chart_format_of ("csv"), ==, RAQAM_CHART_N_FORMATS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-export/table", test_table);
  g_test_add_func ("/chart-export/no-folder", test_no_folder);
  g_test_add_func ("/chart-export/marks-gaps", test_marks_gaps);
  g_test_add_func ("/chart-export/formats", test_formats);
  return g_test_run ();
}
