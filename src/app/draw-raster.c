/* draw-raster.c — the ink of a drawing, laid on with a round brush.
 * SPDX-License-Identifier: MIT */

#include "app/draw-raster.h"

#include <math.h>

#define SIDE RAQAM_RASTER_SIDE
#define PIECES 12 /* of a curve */

static double
distance (RaqamRasterPoint p, RaqamRasterPoint a, RaqamRasterPoint b)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  double length = dx * dx + dy * dy;
  double t = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;

  t = CLAMP (t, 0.0, 1.0);
  return hypot (p.x - a.x - t * dx, p.y - a.y - t * dy);
}

void
raqam_raster_line (guint8 *ink, RaqamRasterPoint from, RaqamRasterPoint to, double width,
                   gboolean erase)
{
  double reach = width / 2 + 1;
  int left = (int) CLAMP (MIN (from.x, to.x) - reach, 0, SIDE);
  int right = (int) CLAMP (MAX (from.x, to.x) + reach + 1, 0, SIDE);
  int top = (int) CLAMP (MIN (from.y, to.y) - reach, 0, SIDE);
  int bottom = (int) CLAMP (MAX (from.y, to.y) + reach + 1, 0, SIDE);

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        RaqamRasterPoint centre = { x + 0.5, y + 0.5 };
        double covered = width / 2 + 0.5 - distance (centre, from, to);
        guint8 value = (guint8) lrint (255 * CLAMP (covered, 0.0, 1.0));
        guint8 *pixel = &ink[y * SIDE + x];

        *pixel = erase ? MIN (*pixel, 255 - value) : MAX (*pixel, value);
      }
}

void
raqam_raster_curve (guint8 *ink, RaqamRasterPoint from, RaqamRasterPoint control,
                    RaqamRasterPoint to, double width, gboolean erase)
{
  RaqamRasterPoint last = from;

  for (int i = 1; i <= PIECES; i++)
    {
      double t = (double) i / PIECES, u = 1 - t;
      RaqamRasterPoint next = { u * u * from.x + 2 * u * t * control.x + t * t * to.x,
                                u * u * from.y + 2 * u * t * control.y + t * t * to.y };

      raqam_raster_line (ink, last, next, width, erase);
      last = next;
    }
}

double
raqam_raster_share (const guint8 *ink)
{
  double sum = 0;

  for (int i = 0; i < RAQAM_RASTER_SIZE; i++)
    sum += ink[i];
  return sum / 255 / RAQAM_RASTER_SIZE;
}
