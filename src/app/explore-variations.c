/* explore-variations.c — the neighbours of the present picture, to go to one of them.
 * SPDX-License-Identifier: MIT */

#include "app/explore-variations.h"

#include "app/scroll.h"
#include "app/ui.h"
#include "app/variation-grid.h"
#include "engine/neighbourhood.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamExploreVariations
{
  RaqamExplorePanel parent_instance;

  GtkRange           *distance; /* degrees */
  GtkLabel           *distance_value;
  RaqamVariationGrid *grid;

  guint64    seed; /* of the directions */
  RaqamStyle styles[RAQAM_VARIATION_CELLS];
};

G_DEFINE_FINAL_TYPE (RaqamExploreVariations, raqam_explore_variations, RAQAM_TYPE_EXPLORE_PANEL)

static void
ask (RaqamExploreVariations *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);
  double angle = gtk_range_get_value (self->distance) * G_PI / 180;

  for (guint i = 0; i < RAQAM_VARIATION_CELLS; i++)
    if (i == RAQAM_VARIATION_MIDDLE)
      self->styles[i] = *style;
    else
      raqam_style_neighbour (&self->styles[i], style, angle, self->seed, i);
  raqam_explore_scene_draw (scene, RAQAM_SCENE_VARIATIONS, self->styles, RAQAM_VARIATION_CELLS);
}

static void
drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreVariations *self)
{
  raqam_variation_grid_set_pixels (self->grid, pixels);
}

static void
picked_cb (RaqamVariationGrid *grid, guint cell, RaqamExploreVariations *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  RaqamStyle style = self->styles[cell];

  raqam_explore_scene_set_style (scene, &style, NULL);
}

static void
others_cb (RaqamExploreVariations *self)
{
  self->seed = g_random_int ();
  ask (self);
}

static void
distance_cb (RaqamExploreVariations *self)
{
  g_autofree char *degrees = raqam_format_number (gtk_range_get_value (self->distance), 0);
  /* Translators: an angle in degrees */
  g_autofree char *text = g_strdup_printf (_("%s°"), degrees);

  gtk_label_set_label (self->distance_value, text);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask (self);
}

static void
raqam_explore_variations_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  g_signal_connect_object (scene, "drawn::variations", G_CALLBACK (drawn_cb), panel, 0);
}

static void
raqam_explore_variations_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  ask (RAQAM_EXPLORE_VARIATIONS (panel));
}

static void
raqam_explore_variations_class_init (RaqamExploreVariationsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  RAQAM_EXPLORE_PANEL_CLASS (klass)->start = raqam_explore_variations_start;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->changed = raqam_explore_variations_changed;

  g_type_ensure (RAQAM_TYPE_VARIATION_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-variations"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreVariations, distance);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreVariations, distance_value);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreVariations, grid);
  gtk_widget_class_bind_template_callback (widget_class, distance_cb);
  gtk_widget_class_bind_template_callback (widget_class, others_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
}

static void
raqam_explore_variations_init (RaqamExploreVariations *self)
{
  self->seed = g_random_int ();
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_scroll_leave (GTK_WIDGET (self->distance));
  distance_cb (self);
}
