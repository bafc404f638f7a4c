/* quality-chart.c — how the figures of the whole and of each digit went, by epoch.
 * SPDX-License-Identifier: MIT */

#include "app/quality-chart.h"

#include "app/label-places.h"
#include "print/format.h"
#include "print/plot-scale.h"

#include <glib/gi18n.h>
#include <math.h>

#define N RAQAM_N_DIGITS
#define WHOLE N /* a curve's number: that of the whole; the others are the digits' */
#define N_CURVES (N + 1)
#define MIN_WIDTH 260
#define HEIGHT 240
#define GAP 8
#define LABELS 26 /* width of the digits at the curves' ends */
#define MARK 4
#define N_COLOURS 4
#define SMALL 0.82

struct _RaqamQualityChart
{
  GtkWidget parent_instance;

  gboolean frechet;
  GArray  *timeline; /* of RaqamQuality */
  int      best;
};

enum
{
  PROP_FRECHET = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamQualityChart, raqam_quality_chart, GTK_TYPE_WIDGET)

typedef struct
{
  RaqamQualityChart *chart;
  cairo_t           *cr;
  GdkRGBA            ink;
  GdkRGBA            colours[N_COLOURS];
  double             left, top, right, bottom;
  RaqamPlotScale     x, y;
} Drawing;

static double
value_at (const RaqamQualityChart *self, guint point, int curve)
{
  const RaqamQuality *at = &g_array_index (self->timeline, RaqamQuality, point);
  const RaqamFigure *figure = self->frechet ? &at->frechet : &at->accuracy;

  return curve == WHOLE ? figure->all : figure->of_class[curve];
}

static double
epoch_at (const RaqamQualityChart *self, guint point)
{
  return g_array_index (self->timeline, RaqamQuality, point).epoch;
}

static char *
format_value (const RaqamQualityChart *self, double value)
{
  return isfinite (value) ? raqam_format_number (value, self->frechet ? 1 : 3) : g_strdup ("–");
}

static char *
describe (const RaqamQualityChart *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *epoch = NULL;
  g_autofree char *whole = NULL;

  if (self->timeline->len == 0)
    return g_strdup (_("No checkpoint judged yet"));
  epoch = raqam_format_number (epoch_at (self, self->timeline->len - 1), 1);
  whole = format_value (self, value_at (self, self->timeline->len - 1, WHOLE));
  /* Translators: an epoch, then the figure of all digits */
  g_string_append_printf (text, _("At epoch %s: all %s"), epoch, whole);
  for (int d = 0; d < N; d++)
    {
      g_autofree char *value = format_value (self, value_at (self, self->timeline->len - 1, d));

      g_string_append_printf (text, "; %s %s", raqam_format_persian_digit (d), value);
    }
  if (self->best >= 0)
    {
      g_autofree char *best = raqam_format_number (epoch_at (self, (guint) self->best), 1);

      /* Translators: follows a list; an epoch */
      g_string_append_printf (text, _("; best at epoch %s"), best);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
title (const RaqamQualityChart *self)
{
  return self->frechet ? _("Fréchet distance") : _("Accuracy");
}

static void
tell (RaqamQualityChart *self)
{
  g_autofree char *text = describe (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
raqam_quality_chart_set (RaqamQualityChart *self, const GArray *timeline, int best)
{
  g_return_if_fail (RAQAM_IS_QUALITY_CHART (self));

  g_array_set_size (self->timeline, 0);
  if (timeline->len > 0)
    g_array_append_vals (self->timeline, timeline->data, timeline->len);
  self->best = best;
  tell (self);
}

static PangoLayout *
text_layout (const Drawing *self, const char *text, double scale, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->chart), text);
  PangoAttrList *attrs = pango_attr_list_new ();

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  if (bold)
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  return layout;
}

/* @across and @down: which part of the text is at (x, y): 0 its beginning, 1 its end. */
static int
show_text (const Drawing *self, const char *text, double scale, gboolean bold, double x, double y,
           double across, double down)
{
  g_autoptr (PangoLayout) layout = text_layout (self, text, scale, bold);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (self->cr, x - across * width, y - down * height);
  pango_cairo_show_layout (self->cr, layout);
  return height;
}

static void
set_colour (const Drawing *self, const GdkRGBA *colour, double alpha)
{
  cairo_set_source_rgba (self->cr, colour->red, colour->green, colour->blue, colour->alpha * alpha);
}

static double
x_of (const Drawing *self, double epoch)
{
  return self->left
         + (epoch - self->x.first) / (self->x.last - self->x.first) * (self->right - self->left);
}

static double
y_of (const Drawing *self, double value)
{
  return self->bottom
         - (value - self->y.first) / (self->y.last - self->y.first) * (self->bottom - self->top);
}

static void
fit_scales (Drawing *self, int width)
{
  const RaqamQualityChart *chart = self->chart;
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < chart->timeline->len; i++)
    for (int c = 0; c < N_CURVES; c++)
      {
        double value = value_at (chart, i, c);

        if (isfinite (value))
          {
            low = MIN (low, value);
            high = MAX (high, value);
          }
      }
  if (!(low <= high))
    low = 0, high = 1;
  self->y = raqam_plot_scale_fit (chart->frechet ? 0 : low, MAX (high, low + 1e-3), 5);
  if (!chart->frechet && self->y.last > 1)
    self->y.last = 1;
  self->x = chart->timeline->len > 0 ? raqam_plot_scale_fit (
              0, MAX (epoch_at (chart, chart->timeline->len - 1), 1), MAX (2, width / 80))
                                     : raqam_plot_scale_fit (0, 1, 2);
  if (chart->timeline->len > 0)
    self->x.last = MAX (epoch_at (chart, chart->timeline->len - 1), self->x.step);
}

static void
draw_axes (const Drawing *self)
{
  int n = (int) floor ((self->y.last - self->y.first) / self->y.step + 1e-6);

  for (int i = 0; i <= n; i++)
    {
      double value = self->y.first + i * self->y.step;
      double y = round (y_of (self, value)) + 0.5;
      g_autofree char *text = raqam_format_number (value, self->y.decimals);

      set_colour (self, &self->ink, 0.6);
      show_text (self, text, SMALL, FALSE, self->left - GAP, y, 1, 0.5);
      set_colour (self, &self->ink, 0.1);
      cairo_set_line_width (self->cr, 1);
      cairo_move_to (self->cr, self->left, y);
      cairo_line_to (self->cr, self->right, y);
      cairo_stroke (self->cr);
    }
  for (int i = 0; i * self->x.step <= self->x.last * (1 + 1e-9); i++)
    {
      g_autofree char *text = raqam_format_number (i * self->x.step, self->x.decimals);

      set_colour (self, &self->ink, 0.6);
      show_text (self, text, SMALL, FALSE, x_of (self, i * self->x.step), self->bottom + 5, 0.5, 0);
    }
}

/* Two digits share a colour; their dashes differ. */
static void
set_pen (const Drawing *self, int curve)
{
  static const double dashes[][4] = { { 1, 0 }, { 6, 3 }, { 2, 2 }, { 8, 3, 2, 3 } };
  static const int n_dashes[] = { 0, 2, 2, 4 };
  int kind = curve / N_COLOURS + 1;

  if (curve == WHOLE)
    {
      set_colour (self, &self->ink, 1);
      cairo_set_dash (self->cr, NULL, 0, 0);
      cairo_set_line_width (self->cr, 2.6);
      return;
    }
  set_colour (self, &self->colours[curve % N_COLOURS], 1);
  kind = kind > 3 ? 0 : kind;
  cairo_set_dash (self->cr, dashes[kind], n_dashes[kind], 0);
  cairo_set_line_width (self->cr, 1.4);
}

static void
draw_curve (const Drawing *self, int curve)
{
  const RaqamQualityChart *chart = self->chart;

  set_pen (self, curve);
  cairo_new_path (self->cr);
  for (guint i = 0; i < chart->timeline->len; i++)
    if (isfinite (value_at (chart, i, curve)))
      cairo_line_to (self->cr, x_of (self, epoch_at (chart, i)),
                     y_of (self, value_at (chart, i, curve)));
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
  for (guint i = 0; i < chart->timeline->len; i++)
    if (isfinite (value_at (chart, i, curve)) && (curve == WHOLE || chart->timeline->len == 1))
      {
        cairo_arc (self->cr, x_of (self, epoch_at (chart, i)),
                   y_of (self, value_at (chart, i, curve)), curve == WHOLE ? MARK - 0.5 : 2, 0,
                   2 * G_PI);
        cairo_fill (self->cr);
      }
}

/* The digits at the ends of their curves, moved apart; a thin line leads to each. */
static void
draw_labels (const Drawing *self)
{
  const RaqamQualityChart *chart = self->chart;
  guint last = chart->timeline->len - 1;
  double ends[N], places[N];
  int digits[N], n = 0;

  for (int d = 0; d < N; d++)
    if (isfinite (value_at (chart, last, d)))
      {
        ends[n] = y_of (self, value_at (chart, last, d));
        places[n] = ends[n];
        digits[n++] = d;
      }
  raqam_label_places (places, n, 15, self->top, self->bottom);
  for (int i = 0; i < n; i++)
    {
      set_colour (self, &self->colours[digits[i] % N_COLOURS], 0.7);
      cairo_set_line_width (self->cr, 1);
      cairo_move_to (self->cr, self->right + 2, ends[i]);
      cairo_line_to (self->cr, self->right + 12, places[i]);
      cairo_stroke (self->cr);
      set_colour (self, &self->ink, 1);
      show_text (self, raqam_format_persian_digit (digits[i]), 0.95, FALSE, self->right + 15,
                 places[i], 0, 0.5);
    }
}

static void
draw_star (const Drawing *self, double x, double y, double radius)
{
  cairo_new_path (self->cr);
  for (int i = 0; i < 10; i++)
    {
      double r = i % 2 == 0 ? radius : 0.42 * radius;

      cairo_line_to (self->cr, x + r * sin (i * G_PI / 5), y - r * cos (i * G_PI / 5));
    }
  cairo_close_path (self->cr);
  cairo_fill (self->cr);
}

static void
draw_best (const Drawing *self)
{
  const RaqamQualityChart *chart = self->chart;
  static const double dots[] = { 1, 3 };
  double x;

  if (chart->best < 0 || (guint) chart->best >= chart->timeline->len)
    return;
  x = x_of (self, epoch_at (chart, (guint) chart->best));
  set_colour (self, &self->ink, 0.6);
  cairo_set_line_width (self->cr, 1);
  cairo_set_dash (self->cr, dots, 2, 0);
  cairo_move_to (self->cr, round (x) + 0.5, self->top);
  cairo_line_to (self->cr, round (x) + 0.5, self->bottom);
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
  set_colour (self, &self->ink, 1);
  draw_star (self, x, y_of (self, value_at (chart, (guint) chart->best, WHOLE)), 9);
}

/* Title at the side where reading begins; what bold and star mean at the other. */
static int
draw_heading (const Drawing *self, int width)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self->chart)) == GTK_TEXT_DIR_RTL;
  int height;

  set_colour (self, &self->ink, 1);
  height =
    show_text (self, title (self->chart), 1, TRUE, mirrored ? width : 0, 0, mirrored ? 1 : 0, 0);
  set_colour (self, &self->ink, 0.75);
  show_text (self, _("● all digits   ★ best"), SMALL, FALSE, mirrored ? 0 : width, 2,
             mirrored ? 0 : 1, 0);
  return height;
}

static void
draw (RaqamQualityChart *chart, cairo_t *cr, int width, int height)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (chart));
  Drawing self = { .chart = chart, .cr = cr };
  g_autofree char *widest = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  int text_width, text_height;

  gtk_style_context_get_color (style, &self.ink);
  for (int c = 0; c < N_COLOURS; c++)
    {
      g_autofree char *name = g_strdup_printf ("curve_%d", c + 1);

      if (!gtk_style_context_lookup_color (style, name, &self.colours[c]))
        self.colours[c] = self.ink;
    }
  self.top = draw_heading (&self, width) + 2 * GAP;
  fit_scales (&self, width);
  widest = raqam_format_number (self.y.last, self.y.decimals);
  layout = text_layout (&self, widest, SMALL, FALSE);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  self.left = text_width + GAP + 6;
  self.right = width - LABELS;
  self.bottom = height - text_height - 6;

  draw_axes (&self);
  for (int c = 0; c < N_CURVES; c++)
    draw_curve (&self, c);
  if (chart->timeline->len > 0)
    draw_labels (&self);
  draw_best (&self);
}

static void
raqam_quality_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (width < 2 || height < 2)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  draw (RAQAM_QUALITY_CHART (widget), cr, width, height);
  cairo_destroy (cr);
}

static void
raqam_quality_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : HEIGHT;
}

static void
raqam_quality_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FRECHET)
    RAQAM_QUALITY_CHART (object)->frechet = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_quality_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FRECHET)
    g_value_set_boolean (value, RAQAM_QUALITY_CHART (object)->frechet);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_quality_chart_constructed (GObject *object)
{
  G_OBJECT_CLASS (raqam_quality_chart_parent_class)->constructed (object);
  tell (RAQAM_QUALITY_CHART (object));
}

static void
raqam_quality_chart_finalize (GObject *object)
{
  g_array_unref (RAQAM_QUALITY_CHART (object)->timeline);

  G_OBJECT_CLASS (raqam_quality_chart_parent_class)->finalize (object);
}

static void
raqam_quality_chart_class_init (RaqamQualityChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = raqam_quality_chart_constructed;
  object_class->finalize = raqam_quality_chart_finalize;
  object_class->get_property = raqam_quality_chart_get_property;
  object_class->set_property = raqam_quality_chart_set_property;
  widget_class->measure = raqam_quality_chart_measure;
  widget_class->snapshot = raqam_quality_chart_snapshot;

  props[PROP_FRECHET] =
    g_param_spec_boolean ("frechet", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "qualitychart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_quality_chart_init (RaqamQualityChart *self)
{
  self->timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));
  self->best = -1;
}
