/* latent-bars-drawing.h — how the bars of a latent vector look.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "app/latent-bars-layout.h"

G_BEGIN_DECLS

/* What is to be drawn. Nothing is owned; nothing changes while it is drawn. */
typedef struct
{
  GtkWidget        *widget; /* for its font and colours */
  RaqamLatentLayout layout; /* of at least one bar */
  const float      *values; /* (layout.n) */
  int               current;
  int               hovered; /* whose value is shown, or -1 */
  gboolean          focus;   /* whether the current one has a ring */
} RaqamLatentPlot;

void raqam_latent_plot_draw (const RaqamLatentPlot *plot, GtkSnapshot *snapshot);

G_END_DECLS
