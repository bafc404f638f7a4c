/* figures.c — the pictures of a printed evaluation, in cairo.
 * SPDX-License-Identifier: MIT */

#include "print/figures.h"

#include "print/format.h"
#include "print/plot-scale.h"
#include "print/sheet.h"

#include <math.h>

#define SIDE 28
#define LABEL 8.0
#define TITLE 16.0

static void
black (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0, 0, 0);
}

static void
grey (cairo_t *cr, double by)
{
  cairo_set_source_rgb (cr, by, by, by);
}

/* From white at 0 to the accent colour at 1. */
static void
shade (cairo_t *cr, double share)
{
  cairo_set_source_rgb (cr, 1 - 0.79 * share, 1 - 0.48 * share, 1 - 0.11 * share);
}

static void
draw_cell (cairo_t *cr, double x, double y, double side, guint64 count, guint64 of)
{
  double share = of > 0 ? (double) count / of : 0;

  shade (cr, 0.05 + 0.95 * sqrt (share));
  cairo_rectangle (cr, x + 0.5, y + 0.5, side - 1, side - 1);
  cairo_fill (cr);
  if (count == 0)
    return;

  g_autofree char *text = raqam_format_integer (count);
  grey (cr, share > 0.4 ? 1 : 0);
  raqam_print_text (cr, x + side / 2, y + side / 2 - 5, 0.5, 7.5, FALSE, text);
}

void
raqam_figure_confusion (cairo_t *cr, double size, const RaqamConfusion *confusion)
{
  int n = confusion->n_classes;
  double side = (size - 2 * LABEL) / n;

  for (int t = 0; t < n; t++)
    {
      guint64 of = 0;

      for (int p = 0; p < n; p++)
        of += confusion->count[t * n + p];
      black (cr);
      raqam_print_text (cr, LABEL, 2 * LABEL + t * side + side / 2 - 6, 0.5, 10, TRUE,
                        raqam_format_persian_digit (t));
      raqam_print_text (cr, 2 * LABEL + t * side + side / 2, 0, 0.5, 10, TRUE,
                        raqam_format_persian_digit (t));
      for (int p = 0; p < n; p++)
        draw_cell (cr, 2 * LABEL + p * side, 2 * LABEL + t * side, side,
                   confusion->count[t * n + p], of);
    }
}

void
raqam_figure_digits (cairo_t *cr, const guint8 *pixels, int n, int columns, double side)
{
  int stride = cairo_format_stride_for_width (CAIRO_FORMAT_A8, SIDE);

  for (int i = 0; i < n; i++)
    {
      g_autofree guint8 *mask = g_malloc0 ((gsize) stride * SIDE);
      cairo_surface_t *surface;

      for (int row = 0; row < SIDE; row++)
        memcpy (mask + row * stride, pixels + ((gsize) i * SIDE + row) * SIDE, SIDE);
      surface = cairo_image_surface_create_for_data (mask, CAIRO_FORMAT_A8, SIDE, SIDE, stride);

      cairo_save (cr);
      cairo_translate (cr, i % columns * side, i / columns * side);
      cairo_scale (cr, side / SIDE, side / SIDE);
      black (cr);
      cairo_mask_surface (cr, surface, 0, 0);
      cairo_restore (cr);
      cairo_surface_finish (surface);
      cairo_surface_destroy (surface);
    }
}

static double
highest (const RaqamFigure *figure, int n_classes, double at_least)
{
  for (int c = 0; c < n_classes; c++)
    if (figure->of_class[c] > at_least)
      at_least = figure->of_class[c];

  return at_least;
}

static void
draw_bar (cairo_t *cr, double x, double base, double width, double height, gboolean solid)
{
  if (!(height >= 0))
    return;

  shade (cr, solid ? 1 : 0.35);
  cairo_rectangle (cr, x, base - height, width, height);
  cairo_fill_preserve (cr);
  shade (cr, 1);
  cairo_set_line_width (cr, 0.5);
  cairo_stroke (cr);
}

void
raqam_figure_bars (cairo_t *cr, double width, double height, const char *title,
                   const RaqamFigure *values, const RaqamFigure *real, int n_classes)
{
  double top = highest (real, n_classes, highest (values, n_classes, 1e-9));
  double base = height - 14, room = base - TITLE - 10, each = width / n_classes;

  black (cr);
  raqam_print_text (cr, 0, 0, 0, 9, TRUE, title);
  for (int c = 0; c < n_classes; c++)
    {
      double x = c * each + each * 0.14, value = values->of_class[c];
      g_autofree char *text = raqam_format_number (value, value < 10 ? 2 : value < 100 ? 1 : 0);

      draw_bar (cr, x, base, each * 0.36, value / top * room, TRUE);
      draw_bar (cr, x + each * 0.36, base, each * 0.36, real->of_class[c] / top * room, FALSE);
      black (cr);
      if (isfinite (value))
        raqam_print_text (cr, x + each * 0.36, base - MAX (value, real->of_class[c]) / top * room - 9,
                          0.5, 6.5, FALSE, text);
      raqam_print_text (cr, x + each * 0.36, base + 1, 0.5, 9, TRUE, raqam_format_persian_digit (c));
    }
}

static const RaqamQuality *
at (const GArray *timeline, guint i)
{
  return &g_array_index (timeline, RaqamQuality, i);
}

/* Ticks of both axes; @y is of values. */
static void
draw_axes (cairo_t *cr, double left, double top, double width, double height,
           const RaqamPlotScale *y, double last_epoch)
{
  cairo_set_line_width (cr, 0.4);
  for (double v = y->first; v <= y->last + y->step / 2; v += y->step)
    {
      double at_y = top + height - (v - y->first) / (y->last - y->first) * height;
      g_autofree char *text = raqam_format_number (v, y->decimals);

      grey (cr, 0.8);
      cairo_move_to (cr, left, at_y);
      cairo_line_to (cr, left + width, at_y);
      cairo_stroke (cr);
      grey (cr, 0.3);
      raqam_print_text (cr, left - 4, at_y - 5, 1, 7, FALSE, text);
    }

  for (int tick = 0; tick <= 4; tick++)
    {
      g_autofree char *text = raqam_format_number (last_epoch * tick / 4, last_epoch < 8 ? 1 : 0);

      grey (cr, 0.3);
      raqam_print_text (cr, left + width * tick / 4, top + height + 2, tick / 4.0, 7, FALSE, text);
    }
}

void
raqam_figure_curve (cairo_t *cr, double width, double height, const char *title,
                    const GArray *timeline, double (*value) (const RaqamQuality *), int best)
{
  double low = INFINITY, high = -INFINITY, left = 36, room = height - TITLE - 14;
  double last = MAX (at (timeline, timeline->len - 1)->epoch, 1e-9);
  RaqamPlotScale scale;

  black (cr);
  raqam_print_text (cr, 0, 0, 0, 9, TRUE, title);
  for (guint i = 0; i < timeline->len; i++)
    if (isfinite (value (at (timeline, i))))
      {
        low = MIN (low, value (at (timeline, i)));
        high = MAX (high, value (at (timeline, i)));
      }
  if (!isfinite (low))
    return;

  scale = raqam_plot_scale_fit (low, high, 4);
  draw_axes (cr, left, TITLE, width - left, room, &scale, last);

  cairo_new_path (cr);
  for (guint i = 0; i < timeline->len; i++)
    {
      double v = value (at (timeline, i));
      double x = left + at (timeline, i)->epoch / last * (width - left);
      double y = TITLE + room - (v - scale.first) / (scale.last - scale.first) * room;

      if (!isfinite (v))
        {
          cairo_new_sub_path (cr);
          continue;
        }
      cairo_line_to (cr, x, y);
      if ((int) i == best)
        {
          cairo_path_t *path = cairo_copy_path (cr);

          cairo_new_path (cr);
          black (cr);
          cairo_arc (cr, x, y, 3.5, 0, 2 * G_PI);
          cairo_set_line_width (cr, 1);
          cairo_stroke (cr);
          cairo_append_path (cr, path);
          cairo_path_destroy (path);
        }
    }
  shade (cr, 1);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
}

void
raqam_figure_heat (cairo_t *cr, double width, double height, const char *title,
                   const GArray *timeline, int n_classes)
{
  double left = 18, each = (width - left) / timeline->len;
  double side = (height - TITLE - 14) / n_classes;

  black (cr);
  raqam_print_text (cr, 0, 0, 0, 9, TRUE, title);
  for (int c = 0; c < n_classes; c++)
    {
      double y = TITLE + c * side;

      black (cr);
      raqam_print_text (cr, 8, y + side / 2 - 6, 0.5, 9, TRUE, raqam_format_persian_digit (c));
      for (guint i = 0; i < timeline->len; i++)
        {
          double v = at (timeline, i)->accuracy.of_class[c];
          g_autofree char *text = raqam_format_number (100 * v, 0);

          if (!isfinite (v))
            continue;
          shade (cr, sqrt (CLAMP (1 - v, 0, 1)));
          cairo_rectangle (cr, left + i * each, y, each, side);
          cairo_fill (cr);
          grey (cr, v < 0.4 ? 1 : 0);
          if (each > 16)
            raqam_print_text (cr, left + (i + 0.5) * each, y + side / 2 - 5, 0.5, 6.5, FALSE, text);
        }
    }

  grey (cr, 0.3);
  for (int end = 0; end < 2; end++)
    {
      g_autofree char *text = raqam_format_number (at (timeline, end ? timeline->len - 1 : 0)->epoch, 0);

      raqam_print_text (cr, end ? width : left, height - 11, end, 7, FALSE, text);
    }
}
