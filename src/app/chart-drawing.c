/* chart-drawing.c — how a chart of curves looks, in cairo and Pango.
 * SPDX-License-Identifier: MIT */

#include "app/chart-drawing.h"

#include "app/plot-axis.h"
#include "print/format.h"
#include "print/plot-scale.h"

#include <math.h>
#include <pango/pangocairo.h>

#define GAP 8
#define SAMPLE_WIDTH 22 /* of a curve's line in the legend */
#define MARK 4          /* half a mark's width */
#define SMALL 0.82
#define PIECE 48 /* columns of a curve that are stroked at once */

typedef struct
{
  const RaqamChart      *chart;
  const RaqamChartStyle *style;
  cairo_t               *cr;

  /* The field between the axes, in pixels. */
  int   left, top, right, bottom;
  guint n_columns;

  RaqamColumn   *columns[RAQAM_CHART_MAX_CURVES]; /* (n_columns) */
  float         *smooth[RAQAM_CHART_MAX_CURVES];  /* (n_columns) */
  RaqamPlotAxis  y;
  RaqamPlotScale x;
  double         first, last; /* epochs in sight */
} Drawing;

static PangoLayout *
text_layout (const Drawing *self, const char *text, double scale, gboolean bold)
{
  PangoLayout *layout = pango_layout_new (self->style->context);
  PangoAttrList *attrs = pango_attr_list_new ();

  pango_layout_set_text (layout, text, -1);
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
  cairo_set_source_rgba (self->cr, colour->red, colour->green, colour->blue, colour->alpha * alpha);
}

static void
show_text (const Drawing *self, PangoLayout *layout, double x, double y, double alpha)
{
  set_colour (self, &self->style->ink, self->style->high_contrast ? 1 : alpha);
  cairo_move_to (self->cr, x, y);
  pango_cairo_show_layout (self->cr, layout);
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
set_dashes (const Drawing *self, guint curve, double offset)
{
  static const double dashes[] = { 7, 3 };

  cairo_set_dash (self->cr, dashes, curve % 2 == 0 ? 0 : 2, offset);
}

/* One curve's line, name and latest value; ends at @edge, the side nearer to the
 * chart's end. Returns: the width it took */
static double
draw_legend_entry (const Drawing *self, guint curve, double edge, double middle, gboolean measure)
{
  float number = raqam_chart_get_value (self->chart, curve);
  gboolean read_out = !isnan (self->chart->crosshair);
  g_autofree char *value = isfinite (number) ? raqam_format_number (number, self->chart->decimals)
                                             : g_strdup (read_out ? "–" : "");
  g_autofree char *text = g_strdup_printf ("%s  %s", self->chart->names[curve], value);
  g_autoptr (PangoLayout) layout = text_layout (self, g_strchomp (text), SMALL, FALSE);
  int width, height;
  double sample;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (measure)
    return SAMPLE_WIDTH + 6 + width;

  show_text (self, layout, self->style->mirrored ? edge : edge - width, middle - height / 2.0, 0.9);
  sample = self->style->mirrored ? edge + width + 6 : edge - width - 6 - SAMPLE_WIDTH;
  set_colour (self, &self->style->colours[curve], 1);
  cairo_set_line_width (self->cr, 2);
  set_dashes (self, curve, 0);
  cairo_move_to (self->cr, sample, middle);
  cairo_line_to (self->cr, sample + SAMPLE_WIDTH, middle);
  cairo_stroke (self->cr);
  set_dashes (self, 0, 0);
  draw_mark (self, curve, sample + SAMPLE_WIDTH / 2.0, middle);
  return SAMPLE_WIDTH + 6 + width;
}

/* Returns: the height that title and legend took; the legend has a line of its
 * own where both do not fit into one */
static int
draw_heading (const Drawing *self, int width)
{
  int room = width - self->chart->inset;
  g_autoptr (PangoLayout) title = text_layout (self, self->chart->title, 1, TRUE);
  double legend = 0, edge, middle;
  int title_width, title_height, height;

  pango_layout_get_pixel_size (title, &title_width, &title_height);
  for (guint c = 0; c < self->chart->n_curves; c++)
    legend += draw_legend_entry (self, c, 0, 0, TRUE) + 2 * GAP;

  show_text (self, title, self->style->mirrored ? width - title_width : 0, 0, 1);
  height = title_height;
  middle = title_height / 2.0 + 0.5;
  if (title_width + legend > room)
    {
      middle += title_height + 2;
      height += title_height + 2;
    }
  edge = title_width + legend > room ? width : room;
  edge = self->style->mirrored ? width - edge : edge;
  for (int c = (int) self->chart->n_curves - 1; c >= 0; c--)
    {
      double taken = draw_legend_entry (self, c, edge, middle, FALSE) + 2 * GAP;

      edge += self->style->mirrored ? taken : -taken;
    }
  return height;
}

static double
y_of (const Drawing *self, double value)
{
  return self->bottom - raqam_plot_axis_share (&self->y, value) * (self->bottom - self->top);
}

static double
x_of (const Drawing *self, double epoch)
{
  return self->left
         + (epoch - self->first) / (self->last - self->first) * (self->right - self->left);
}

/* The range of what is above 0: a logarithmic axis has no place for the rest. */
static void
fit_log (Drawing *self)
{
  double low = INFINITY, high = 0;

  for (guint k = 0; k < self->chart->n_curves; k++)
    for (guint c = 0; c < self->n_columns; c++)
      {
        const RaqamColumn *column = &self->columns[k][c];

        if (column->n == 0 || !(column->high > 0))
          continue;
        high = MAX (high, column->high);
        low = MIN (low, column->low > 0      ? column->low
                        : column->mean > 0 ? column->mean
                                           : column->high);
      }
  if (!(low <= high))
    low = 0.1, high = 1;
  if (self->chart->unit_range)
    high = 1;
  /* One step that came out almost 0 must not flatten the rest. */
  self->y = raqam_plot_axis_log (MAX (low, high * 1e-6), high);
}

/* The smoothed curves whole, and of the steps around them as much as lies within
 * half their height: one wild step must not flatten the rest. */
static void
fit_y (Drawing *self)
{
  double low = INFINITY, high = -INFINITY, lowest = INFINITY, highest = -INFINITY, margin;

  if (self->chart->log)
    {
      fit_log (self);
      return;
    }
  if (self->chart->unit_range)
    {
      self->y = (RaqamPlotAxis){
        .first = 0,
        .last = 1,
        .n_ticks = 5,
        .ticks = { 0, 0.25, 0.5, 0.75, 1 },
        .decimals = { 2, 2, 2, 2, 2 },
      };
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
      self->y = raqam_plot_axis_linear (0, 2);
      return;
    }
  margin = MAX (0.5 * (high - low), 0.05 * MAX (fabs (low), fabs (high)));
  if (!(highest > lowest))
    lowest = low - margin, highest = high + margin;
  self->y = raqam_plot_axis_linear (MAX (lowest, low - margin), MIN (highest, high + margin));
}

static void
reduce (Drawing *self)
{
  for (guint k = 0; k < self->chart->n_curves; k++)
    {
      self->columns[k] = g_new (RaqamColumn, self->n_columns);
      self->smooth[k] = g_new (float, self->n_columns);
      raqam_curves_reduce (self->columns[k], self->chart->curves, k, self->first, self->last,
                           self->n_columns);
      raqam_curves_smooth (self->smooth[k], self->columns[k], self->n_columns,
                           self->chart->smoothing);
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
  for (int i = 0; i < self->y.n_ticks; i++)
    {
      g_autofree char *text = raqam_format_number (self->y.ticks[i], self->y.decimals[i]);
      g_autoptr (PangoLayout) layout = text_layout (self, text, SMALL, FALSE);
      double y = round (y_of (self, self->y.ticks[i])) + 0.5;
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      show_text (self, layout, self->left - GAP - width, y - height / 2.0, 0.6);
      set_colour (self, &self->style->ink, self->style->high_contrast ? 0.4 : 0.1);
      cairo_set_line_width (self->cr, 1);
      cairo_move_to (self->cr, self->left, y);
      cairo_line_to (self->cr, self->right, y);
      cairo_stroke (self->cr);
    }
}

/* Centred below @epoch, within the chart. Returns: the half of its width; 0: hidden, for
 * it would touch the crosshair's, which has @kept to each side */
static double
draw_epoch (const Drawing *self, double epoch, int decimals, gboolean bold, double kept)
{
  g_autofree char *text = raqam_format_number (epoch, decimals);
  g_autoptr (PangoLayout) layout = text_layout (self, text, SMALL, bold);
  double x = x_of (self, epoch);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (kept > 0 && fabs (x - x_of (self, self->chart->crosshair)) < kept + width / 2.0 + GAP)
    return 0;
  show_text (self, layout, MIN (x - width / 2.0, self->right + GAP - width), self->bottom + 5,
             bold ? 1 : 0.6);
  return width / 2.0;
}

static gboolean
has_crosshair (const Drawing *self)
{
  double epoch = self->chart->crosshair;

  return !isnan (epoch) && epoch >= self->first && epoch <= self->last;
}

static void
draw_x_axis (const Drawing *self)
{
  gint64 begin = (gint64) ceil (self->first / self->x.step - 1e-9);
  gint64 end = (gint64) floor (self->last / self->x.step + 1e-9);
  double kept = 0;

  if (has_crosshair (self))
    kept = draw_epoch (self, self->chart->crosshair, MAX (self->x.decimals, 2), TRUE, 0);
  for (gint64 i = begin; i <= end; i++)
    draw_epoch (self, (double) i * self->x.step, self->x.decimals, FALSE, kept);
}

/* A line from top to bottom, and each curve's mark at its value there. */
static void
draw_crosshair (const Drawing *self)
{
  double x = x_of (self, self->chart->crosshair);

  set_colour (self, &self->style->ink, self->style->high_contrast ? 1 : 0.55);
  cairo_set_line_width (self->cr, 1);
  cairo_move_to (self->cr, round (x) + 0.5, self->top);
  cairo_line_to (self->cr, round (x) + 0.5, self->bottom);
  cairo_stroke (self->cr);
  for (guint k = 0; k < self->chart->n_curves; k++)
    {
      float value = raqam_chart_get_value (self->chart, k);

      set_colour (self, &self->style->colours[k], 1);
      if (isfinite (value))
        draw_mark (self, k, x, CLAMP (y_of (self, value), self->top, self->bottom));
    }
}

/* A striped band where any curve has no number, with a cross on top: seen without colour. */
static void
draw_gap (const Drawing *self, guint begin, guint end)
{
  double middle = self->left + (begin + end) / 2.0;

  set_colour (self, &self->style->ink, self->style->high_contrast ? 0.9 : 0.35);
  for (int y = self->top; y < self->bottom; y += 4)
    cairo_rectangle (self->cr, self->left + (int) begin, y, end - begin, 1);
  cairo_fill (self->cr);

  set_colour (self, &self->style->ink, 1);
  cairo_set_line_width (self->cr, 1.6);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (self->cr, middle - MARK, self->top + MARK * (1 - side));
      cairo_line_to (self->cr, middle + MARK, self->top + MARK * (1 + side));
    }
  cairo_stroke (self->cr);
}

static gboolean
is_gap (const Drawing *self, guint column)
{
  for (guint k = 0; k < self->chart->n_curves; k++)
    if (self->columns[k][column].n_gaps > 0)
      return TRUE;
  return FALSE;
}

static void
draw_gaps (const Drawing *self)
{
  for (guint c = 0, begin; c < self->n_columns; c++)
    if (is_gap (self, c))
      {
        for (begin = c; c < self->n_columns && is_gap (self, c);)
          c++;
        draw_gap (self, begin, c);
      }
}

/* Goes on to (@x, @y), or begins anew there behind a gap. */
static void
go_on (const Drawing *self, gboolean *broken, double x, double y)
{
  if (*broken)
    cairo_move_to (self->cr, x, y); /* and a line to itself: round caps make it a dot */
  cairo_line_to (self->cr, x, y);
  *broken = FALSE;
}

/* From @before to @column there are empty columns only, and no gap. */
static void
bridge (const Drawing *self, guint curve, guint before, guint column)
{
  cairo_move_to (self->cr, self->left + before + 0.5,
                 y_of (self, self->columns[curve][before].mean));
  cairo_line_to (self->cr, self->left + column + 0.5,
                 y_of (self, self->columns[curve][column].mean));
  cairo_stroke (self->cr);
}

/* What spans the values of each column, and reaches to those of its neighbour: upright
 * boxes of whole pixels, one by one, which cairo fills ten times faster than it strokes a
 * zigzag or fills them all. */
static void
draw_steps (const Drawing *self, guint curve)
{
  double top = 0, bottom = 0;
  guint last = 0;
  gboolean broken = TRUE;

  set_colour (self, &self->style->colours[curve], self->style->high_contrast ? 0.45 : 0.28);
  cairo_new_path (self->cr);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const RaqamColumn *column = &self->columns[curve][c];

      if (column->n > 0)
        {
          double high = floor (y_of (self, column->high)), low = ceil (y_of (self, column->low)) + 1;
          gboolean beside = !broken && last + 1 == c;
          double from = beside ? MIN (high, bottom) : high;
          double to = beside ? MAX (low, top) : low;

          cairo_rectangle (self->cr, self->left + c, from, 1, to - from);
          cairo_fill (self->cr);
          top = high;
          bottom = low;
          last = c;
          broken = FALSE;
        }
      broken |= column->n_gaps > 0;
    }
}

/* Lines between columns with values that have only empty ones between them. */
static void
draw_bridges (const Drawing *self, guint curve)
{
  guint last = 0;
  gboolean broken = TRUE;

  cairo_set_line_width (self->cr, 1);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const RaqamColumn *column = &self->columns[curve][c];

      if (column->n > 0)
        {
          if (!broken && last + 1 < c)
            bridge (self, curve, last, c);
          last = c;
          broken = FALSE;
        }
      broken |= column->n_gaps > 0;
    }
}

/* The dashes go on where those of a line of @length ended. */
static void
stroke_piece (const Drawing *self, guint curve, double length)
{
  set_dashes (self, curve, length);
  cairo_stroke (self->cr);
}

/* Stroked in pieces: what cairo takes for a line grows faster than its length. */
static void
draw_smooth (const Drawing *self, guint curve)
{
  double x = 0, y = 0, stroked = 0, length = 0;
  int n = 0;
  gboolean broken = TRUE;

  set_colour (self, &self->style->colours[curve], 1);
  cairo_set_line_width (self->cr, self->style->high_contrast ? 3 : 2);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_line_cap (self->cr, curve % 2 == 0 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  cairo_new_path (self->cr);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const RaqamColumn *column = &self->columns[curve][c];

      if (column->n > 0)
        {
          double to = self->left + c + 0.5, at = y_of (self, self->smooth[curve][c]);

          length += broken ? 0 : hypot (to - x, at - y);
          x = to;
          y = at;
          go_on (self, &broken, x, y);
          if (++n % PIECE == 0)
            {
              stroke_piece (self, curve, stroked);
              stroked = length;
              cairo_move_to (self->cr, x, y);
            }
        }
      broken |= column->n_gaps > 0;
    }
  stroke_piece (self, curve, stroked);
  set_dashes (self, 0, 0);
  if (n > 0)
    draw_mark (self, curve, x, y);
}

/* The widest label that the y axis will have: the field begins beside it. */
static int
y_labels_width (const Drawing *self)
{
  int widest = 0;

  for (int i = 0; i < self->y.n_ticks; i++)
    {
      g_autofree char *text = raqam_format_number (self->y.ticks[i], self->y.decimals[i]);
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

  raqam_plot_view_get (&self->chart->view, raqam_chart_get_end (self->chart), &self->first,
                       &self->last);
  self->x = raqam_plot_scale_fit (self->first, self->last, MAX (2, width / 80));

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

static void
draw_field (const Drawing *self)
{
  cairo_save (self->cr);
  cairo_rectangle (self->cr, self->left, self->top - 2, self->right - self->left + MARK,
                   self->bottom - self->top + 4);
  cairo_clip (self->cr);
  draw_gaps (self);
  for (guint k = 0; k < self->chart->n_curves; k++)
    {
      draw_steps (self, k);
      draw_bridges (self, k);
    }
  for (guint k = 0; k < self->chart->n_curves; k++)
    draw_smooth (self, k);
  if (has_crosshair (self))
    draw_crosshair (self);
  cairo_restore (self->cr);
}

void
raqam_chart_draw (const RaqamChart *chart, cairo_t *cr, int width, int height,
                  RaqamChartField *field)
{
  Drawing self = { .chart = chart, .style = chart->style, .cr = cr };

  g_return_if_fail (chart->n_curves <= RAQAM_CHART_MAX_CURVES);

  lay_out (&self, width, height);
  draw_y_axis (&self);
  draw_x_axis (&self);
  draw_field (&self);
  release (&self);
  if (field != NULL)
    *field = (RaqamChartField){ self.left, self.top, self.right, self.bottom };
}
