/* latent-bars-layout.h — where the bars of a latent vector stand.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <graphene.h>
#include <glib.h>

G_BEGIN_DECLS

/* All in pixels, from the upper left. */
typedef struct
{
  int      n;       /* bars */
  int      per_row; /* at most so many */
  int      n_rows;
  double   width;   /* of a row */
  double   height;  /* of a row, with what is above and below its bars */
  gboolean mirrored;
} RaqamLatentLayout;

/**
 * raqam_latent_layout:
 * @height: what there is; less than raqam_latent_layout_height() crowds the rows
 *
 * As few rows as leave each bar room to be pointed at, of as many bars each.
 */
RaqamLatentLayout raqam_latent_layout (int n, double width, double height, gboolean mirrored);

/* Returns: the height that @n bars need at @width */
int raqam_latent_layout_height (int n, int width);

/* Returns: the place of bar @index: from −shown at its lower edge to shown at its upper one */
graphene_rect_t raqam_latent_layout_place (const RaqamLatentLayout *layout, int index);

/* Returns: the row at @y, or the nearest; -1 without bars */
int raqam_latent_layout_row (const RaqamLatentLayout *layout, double y);

/* Returns: the bar of @row at @x, or the nearest */
int raqam_latent_layout_bar (const RaqamLatentLayout *layout, int row, double x);

/* Returns: what a bar of @row has whose end is at @y, in [-shown, shown] */
double raqam_latent_layout_value (const RaqamLatentLayout *layout, int row, double y, double shown);

G_END_DECLS
