/* border.h — which taps of a convolution fall inside the image, pixel by pixel.
 * SPDX-License-Identifier: MIT
 *
 * Two pixels of the output are of one kind when the same taps of the kernel are
 * inside the image for both: the middle, each edge, each corner. A kind is a kind
 * of row and a kind of column. */

#pragma once

#include "cpu/kernels.h"

G_BEGIN_DECLS

/* Along one axis: the taps [first, past) are inside. */
typedef struct
{
  int first, past;
} RaqamSpan;

/* Pixels side by side of one kind, at most RAQAM_SUM_ROWS of them. */
typedef struct
{
  int begin, n;
  int kind;
} RaqamRun;

typedef struct
{
  int        kernel;
  RaqamSpan *rows, *columns; /* one a kind */
  int        n_rows, n_columns;
  int        n_kinds; /* kind = row kind · n_columns + column kind */
  RaqamRun  *runs;    /* all pixels of an image, in their order */
  int        n_runs;
} RaqamBorders;

/**
 * raqam_borders_init:
 * @shape: big: the image; small: the output
 * @tell_apart: FALSE: all pixels are of one kind, of which
 *   raqam_borders_is_inside() must not be asked
 *
 * Cleared by raqam_borders_clear().
 */
void raqam_borders_init  (RaqamBorders *self, const RaqamPatches *shape, gboolean tell_apart);
void raqam_borders_clear (RaqamBorders *self);

/* Returns: whether tap (@tap / kernel, @tap % kernel) of a pixel of @kind is inside */
gboolean raqam_borders_is_inside (const RaqamBorders *self, int kind, int tap);

G_END_DECLS
