/* draw-raster.h — the ink of a drawing, laid on with a round brush.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "engine/sketch.h"

G_BEGIN_DECLS

#define RAQAM_RASTER_SIDE RAQAM_SKETCH_SIDE
#define RAQAM_RASTER_SIZE (RAQAM_RASTER_SIDE * RAQAM_RASTER_SIDE)

/* In pixels of the raster, from its top left corner. */
typedef struct
{
  double x, y;
} RaqamRasterPoint;

/**
 * raqam_raster_line:
 * @ink: (side, side); 255 is ink
 * @width: of the brush, in pixels of the raster
 * @erase: whether ink is taken off
 *
 * A line with round ends and smooth edges. What is covered already gets no darker.
 */
void raqam_raster_line (guint8 *ink, RaqamRasterPoint from, RaqamRasterPoint to, double width,
                        gboolean erase);

/* The same along a parabola that leaves for @control and comes from there (Bézier). */
void raqam_raster_curve (guint8 *ink, RaqamRasterPoint from, RaqamRasterPoint control,
                         RaqamRasterPoint to, double width, gboolean erase);

/* Returns: mean of the ink, 0 to 1 */
double raqam_raster_share (const guint8 *ink);

G_END_DECLS
