/* chart-drawing.c — how a chart of curves looks, in cairo and Pango.
 * SPDX-License-Identifier: MIT */

#include "app/chart-drawing.h"

#include "print/format.h"
#include "print/plot-scale.h"

#include <adwaita.h>
#include <math.h>

#define GAP 8
#define SAMPLE_WIDTH 22 /* of a curve's line in the legend */
#define MARK 4          /* half a mark's width */
#define MAX_CURVES 8
#define SMALL 0.82

typedef struct
{
  const RaqamChart *chart;
  cairo_t          *cr;
  gboolean          mirrored;
  gboolean          high_contrast;
  GdkRGBA           ink;
  GdkRGBA           colours[MAX_CURVES];

  /* The field between the axes, in pixels. */
  int left, top, right, bottom;
  guint n_columns;

  RaqamColumn   *columns[MAX_CURVES]; /* (n_columns) */
  float         *smooth[MAX_CURVES];  /* (n_columns) */
  RaqamPlotScale y;
  RaqamPlotScale x;
  double         end; /* of the time axis, in epochs */
} Drawing;

static PangoLayout *
text_layout (const Drawing *self, const char *text, double scale, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (self->chart->widget, text);
  PangoAttrList *attrs = pango_attr_list_new ();

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  if (bold)
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_attr_list_unref (attrs);
  return layout;
}

static void
set_colour (const Drawing *self, const GdkRGBA *colour, double alpha)
{
  cairo_set_source_rgba (self->cr, colour->red, colour->green, colour->blue,
                         colour->alpha * alpha);
}

static void
show_text (const Drawing *self, PangoLayout *layout, double x, double y, double alpha)
{
  set_colour (self, &self->ink, self->high_contrast ? 1 : alpha);
  cairo_move_to (self->cr, x, y);
  pango_cairo_show_layout (self->cr, layout);
}

static void
look_up_colours (Drawing *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (self->chart->widget);

  gtk_style_context_get_color (style, &self->ink);
  for (guint c = 0; c < self->chart->n_curves; c++)
    {
      g_autofree char *name = g_strdup_printf ("curve_%u", self->chart->first_colour + c);

      if (!gtk_style_context_lookup_color (style, name, &self->colours[c]))
        self->colours[c] = self->ink;
    }
}

/* A disc ends the first curve, a square the second, and so on in turn. */
static void
draw_mark (const Drawing *self, guint curve, double x, double y)
{
  if (curve % 2 == 0)
    cairo_arc (self->cr, x, y, MARK, 0, 2 * G_PI);
  else
    cairo_rectangle (self->cr, x - MARK + 0.5, y - MARK + 0.5, 2 * MARK - 1, 2 * MARK - 1);
  cairo_fill (self->cr);
}

static void
set_dashes (const Drawing *self, guint curve)
{
  static const double dashes[] = { 7, 3 };

  cairo_set_dash (self->cr, dashes, curve % 2 == 0 ? 0 : 2, 0);
}

/* One curve's line, name and latest value; ends at @edge, the side nearer to the
 * chart's end. Returns: the width it took */
static double
draw_legend_entry (const Drawing *self, guint curve, double edge, double middle, gboolean measure)
{
  float latest = raqam_curves_get_latest (self->chart->curves, curve);
  g_autofree char *value = isfinite (latest) ? raqam_format_number (latest, 2) : g_strdup ("");
  g_autofree char *text
    = g_strdup_printf ("%s  %s", self->chart->names[curve], value);
  g_autoptr (PangoLayout) layout = text_layout (self, g_strchomp (text), SMALL, FALSE);
  int width, height;
  double sample;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (measure)
    return SAMPLE_WIDTH + 6 + width;

  show_text (self, layout, self->mirrored ? edge : edge - width, middle - height / 2.0, 0.9);
  sample = self->mirrored ? edge + width + 6 : edge - width - 6 - SAMPLE_WIDTH;
  set_colour (self, &self->colours[curve], 1);
  cairo_set_line_width (self->cr, 2);
  set_dashes (self, curve);
  cairo_move_to (self->cr, sample, middle);
  cairo_line_to (self->cr, sample + SAMPLE_WIDTH, middle);
  cairo_stroke (self->cr);
  set_dashes (self, 0);
  draw_mark (self, curve, sample + SAMPLE_WIDTH / 2.0, middle);
  return SAMPLE_WIDTH + 6 + width;
}

/* Returns: the height that title and legend took; the legend has a line of its
 * own where both do not fit into one */
static int
draw_heading (const Drawing *self, int width)
{
  g_autoptr (PangoLayout) title = text_layout (self, self->chart->title, 1, TRUE);
  double legend = 0, edge, middle;
  int title_width, title_height, height;

  pango_layout_get_pixel_size (title, &title_width, &title_height);
  for (guint c = 0; c < self->chart->n_curves; c++)
    legend += draw_legend_entry (self, c, 0, 0, TRUE) + 2 * GAP;

  show_text (self, title, self->mirrored ? width - title_width : 0, 0, 1);
  height = title_height;
  middle = title_height / 2.0 + 0.5;
  if (title_width + legend > width)
    {
      middle += title_height + 2;
      height += title_height + 2;
    }
  edge = self->mirrored ? 0 : width;
  for (int c = (int) self->chart->n_curves - 1; c >= 0; c--)
    {
      double taken = draw_legend_entry (self, c, edge, middle, FALSE) + 2 * GAP;

      edge += self->mirrored ? taken : -taken;
    }
  return height;
}

static double
y_of (const Drawing *self, double value)
{
  return self->bottom
         - (value - self->y.first) / (self->y.last - self->y.first) * (self->bottom - self->top);
}

static double
x_of (const Drawing *self, double epoch)
{
  return self->left + epoch / self->end * (self->right - self->left);
}

/* The smoothed curves whole, and of the steps around them as much as lies within
 * half their height: one wild step must not flatten the rest. */
static void
fit_y (Drawing *self)
{
  double low = INFINITY, high = -INFINITY, lowest = INFINITY, highest = -INFINITY, margin;

  if (self->chart->unit_range)
    {
      self->y = (RaqamPlotScale) { 0, 1, 0.25, 2 };
      return;
    }
  for (guint k = 0; k < self->chart->n_curves; k++)
    for (guint c = 0; c < self->n_columns; c++)
      if (self->columns[k][c].n > 0)
        {
          low = MIN (low, self->smooth[k][c]);
          high = MAX (high, self->smooth[k][c]);
          lowest = MIN (lowest, self->columns[k][c].low);
          highest = MAX (highest, self->columns[k][c].high);
        }
  if (low > high)
    {
      self->y = (RaqamPlotScale) { 0, 2, 0.5, 1 };
      return;
    }
  margin = MAX (0.5 * (high - low), 0.1);
  self->y = raqam_plot_scale_fit (MAX (lowest, low - margin), MIN (highest, high + margin), 5);
}

static void
reduce (Drawing *self)
{
  double end = self->end;

  for (guint k = 0; k < self->chart->n_curves; k++)
    {
      self->columns[k] = g_new (RaqamColumn, self->n_columns);
      self->smooth[k] = g_new (float, self->n_columns);
      raqam_curves_reduce (self->columns[k], self->chart->curves, k, 0, end, self->n_columns);
      raqam_curves_smooth (self->smooth[k], self->columns[k], self->n_columns,
                           RAQAM_CURVES_SMOOTHING);
    }
}

static void
release (Drawing *self)
{
  for (guint k = 0; k < self->chart->n_curves; k++)
    {
      g_free (self->columns[k]);
      g_free (self->smooth[k]);
    }
}

static void
draw_y_axis (const Drawing *self)
{
  int n = (int) lround ((self->y.last - self->y.first) / self->y.step);

  for (int i = 0; i <= n; i++)
    {
      double value = self->y.first + i * self->y.step;
      g_autofree char *text = raqam_format_number (value, self->y.decimals);
      g_autoptr (PangoLayout) layout = text_layout (self, text, SMALL, FALSE);
      double y = round (y_of (self, value)) + 0.5;
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      show_text (self, layout, self->left - GAP - width, y - height / 2.0, 0.6);
      set_colour (self, &self->ink, self->high_contrast ? 0.4 : 0.1);
      cairo_set_line_width (self->cr, 1);
      cairo_move_to (self->cr, self->left, y);
      cairo_line_to (self->cr, self->right, y);
      cairo_stroke (self->cr);
    }
}

static void
draw_x_axis (const Drawing *self)
{
  for (int i = 0; i * self->x.step <= self->end * (1 + 1e-9); i++)
    {
      g_autofree char *text = raqam_format_number (i * self->x.step, self->x.decimals);
      g_autoptr (PangoLayout) layout = text_layout (self, text, SMALL, FALSE);
      double x = x_of (self, i * self->x.step);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      show_text (self, layout, MIN (x - width / 2.0, self->right + GAP - width), self->bottom + 5,
                 0.6);
    }
}

static void
draw_steps (const Drawing *self, guint curve)
{
  set_colour (self, &self->colours[curve], self->high_contrast ? 0.45 : 0.28);
  cairo_set_line_width (self->cr, 1);
  cairo_new_path (self->cr);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const RaqamColumn *column = &self->columns[curve][c];
      double x = self->left + c + 0.5;

      if (column->n == 0)
        continue;
      cairo_line_to (self->cr, x, y_of (self, column->high));
      if (column->n > 1)
        cairo_line_to (self->cr, x, y_of (self, column->low));
    }
  cairo_stroke (self->cr);
}

static void
draw_smooth (const Drawing *self, guint curve)
{
  double x = 0, y = 0;
  gboolean any = FALSE;

  set_colour (self, &self->colours[curve], 1);
  cairo_set_line_width (self->cr, self->high_contrast ? 3 : 2);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  set_dashes (self, curve);
  cairo_new_path (self->cr);
  for (guint c = 0; c < self->n_columns; c++)
    if (self->columns[curve][c].n > 0)
      {
        x = self->left + c + 0.5;
        y = y_of (self, self->smooth[curve][c]);
        cairo_line_to (self->cr, x, y);
        any = TRUE;
      }
  cairo_stroke (self->cr);
  set_dashes (self, 0);
  if (any)
    draw_mark (self, curve, x, y);
}

/* The widest label that the y axis will have: the field begins beside it. */
static int
y_labels_width (const Drawing *self)
{
  const double values[] = { self->y.first, self->y.last };
  int widest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = raqam_format_number (values[i], self->y.decimals);
      g_autoptr (PangoLayout) layout = text_layout (self, text, SMALL, FALSE);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      widest = MAX (widest, width);
    }
  return widest;
}

static void
lay_out (Drawing *self, int width, int height)
{
  g_autoptr (PangoLayout) line = text_layout (self, "0", SMALL, FALSE);
  int line_width, line_height;

  pango_layout_get_pixel_size (line, &line_width, &line_height);
  self->top = draw_heading (self, width) + GAP + line_height / 2;
  self->bottom = height - line_height - 5;
  self->right = width - GAP;

  self->end = raqam_plot_scale_epochs (self->chart->epoch, self->chart->n_epochs);
  self->x = raqam_plot_scale_fit (0, self->end, MAX (2, width / 80));

  /* The columns are of pixels, whose number hangs on the labels' width, which hangs
   * on the y range: it is taken from the full width first. */
  self->left = 0;
  self->n_columns = MAX (self->right, 2);
  reduce (self);
  fit_y (self);
  release (self);
  self->left = y_labels_width (self) + GAP;
  self->n_columns = MAX (self->right - self->left, 2);
  reduce (self);
}

void
raqam_chart_draw (const RaqamChart *chart, cairo_t *cr, int width, int height)
{
  Drawing self = { .chart = chart, .cr = cr };

  g_return_if_fail (chart->n_curves <= MAX_CURVES);

  self.mirrored = gtk_widget_get_direction (chart->widget) == GTK_TEXT_DIR_RTL;
  self.high_contrast = adw_style_manager_get_high_contrast (
    adw_style_manager_get_for_display (gtk_widget_get_display (chart->widget)));
  look_up_colours (&self);
  lay_out (&self, width, height);
  draw_y_axis (&self);
  draw_x_axis (&self);

  cairo_save (cr);
  cairo_rectangle (cr, self.left, self.top - 2, self.right - self.left + MARK,
                   self.bottom - self.top + 4);
  cairo_clip (cr);
  for (guint k = 0; k < chart->n_curves; k++)
    draw_steps (&self, k);
  for (guint k = 0; k < chart->n_curves; k++)
    draw_smooth (&self, k);
  cairo_restore (cr);
  release (&self);
}
