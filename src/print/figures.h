/* figures.h — the pictures of a printed evaluation, in cairo.
 * SPDX-License-Identifier: MIT
 *
 * Each draws at @cr's origin, which it leaves as it was; lengths are points.
 * Digits are Persian in every language; what runs with time or number runs from
 * left to right. Values differ in lightness or dash and are written out, so that
 * nothing is told by colour alone.
 */

#pragma once

#include <cairo.h>

#include "engine/evaluation.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

/* @size: of the whole square, its labels too; asked for down, recognised across */
void raqam_figure_confusion (cairo_t *cr, double size, const RaqamConfusion *confusion);

/**
 * raqam_figure_digits:
 * @pixels: (@n, 784), 255 is ink
 * @columns: in a row
 * @side: of a digit
 */
void raqam_figure_digits (cairo_t *cr, const guint8 *pixels, int n, int columns, double side);

/**
 * raqam_figure_bars:
 * @values: of_class is drawn, dark
 * @real: of_class of real digits, light, beside it
 * @title: above
 */
void raqam_figure_bars (cairo_t *cr, double width, double height, const char *title,
                        const RaqamFigure *values, const RaqamFigure *real, int n_classes);

/**
 * raqam_figure_curve:
 * @value: picks what is drawn of a checkpoint
 * @best: index of the checkpoint that is marked, or -1
 */
void raqam_figure_curve (cairo_t *cr, double width, double height, const char *title,
                         const GArray *timeline, double (*value) (const RaqamQuality *), int best);

/* The heat map digit × epoch of each digit's accuracy; a darker field is worse. */
void raqam_figure_heat (cairo_t *cr, double width, double height, const char *title,
                        const GArray *timeline, int n_classes);

G_END_DECLS
