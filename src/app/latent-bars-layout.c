/* latent-bars-layout.c — where the bars of a latent vector stand.
 * SPDX-License-Identifier: MIT */

#include "app/latent-bars-layout.h"

#include <math.h>

#define LEAST_PLACE 9 /* width of a bar with its share of the gaps */
#define ABOVE 10      /* for the mark of a bar that is cut off */
#define BELOW 26      /* the same, and the numbers */
#define TALL 250      /* a row by itself */
#define MIDDLING 180  /* one of two */
#define LOW 120       /* one of more */

static int
count_rows (int n, double width)
{
  int most = MAX ((int) (width / LEAST_PLACE), 1);

  return MAX ((n + most - 1) / most, 1);
}

RaqamLatentLayout
raqam_latent_layout (int n, double width, double height, gboolean mirrored)
{
  int n_rows = count_rows (n, width);

  return (RaqamLatentLayout) {
    .n = n,
    .per_row = MAX ((n + n_rows - 1) / n_rows, 1),
    .n_rows = n_rows,
    .width = width,
    .height = height / n_rows,
    .mirrored = mirrored,
  };
}

int
raqam_latent_layout_height (int n, int width)
{
  int n_rows = count_rows (n, width);

  return n_rows * (n_rows == 1 ? TALL : n_rows == 2 ? MIDDLING : LOW);
}

graphene_rect_t
raqam_latent_layout_place (const RaqamLatentLayout *layout, int index)
{
  int row = index / layout->per_row, column = index % layout->per_row;
  double place = layout->width / layout->per_row;
  double x = (layout->mirrored ? layout->per_row - 1 - column : column) * place;

  return GRAPHENE_RECT_INIT ((float) x, (float) (row * layout->height + ABOVE), (float) place,
                             (float) MAX (layout->height - ABOVE - BELOW, 1));
}

int
raqam_latent_layout_row (const RaqamLatentLayout *layout, double y)
{
  if (layout->n == 0)
    return -1;
  return CLAMP ((int) floor (y / layout->height), 0, (layout->n - 1) / layout->per_row);
}

int
raqam_latent_layout_bar (const RaqamLatentLayout *layout, int row, double x)
{
  int column = (int) floor (x / layout->width * layout->per_row);

  column = CLAMP (column, 0, layout->per_row - 1);
  if (layout->mirrored)
    column = layout->per_row - 1 - column;
  return MIN (row * layout->per_row + column, layout->n - 1);
}

double
raqam_latent_layout_value (const RaqamLatentLayout *layout, int row, double y, double shown)
{
  graphene_rect_t place = raqam_latent_layout_place (layout, row * layout->per_row);
  double share = (place.origin.y + place.size.height - y) / place.size.height;

  return CLAMP ((2 * share - 1) * shown, -shown, shown);
}
