/* explore-numbers.c — every number of the latent vector, one by one.
 * SPDX-License-Identifier: MIT */

#include "app/explore-numbers.h"

#include "app/latent-bar.h"
#include "app/latent-bars.h"
#include "app/spin.h"
#include "app/ui.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define HALF_OF_LAST_DECIMAL 0.005

struct _RaqamExploreNumbers
{
  RaqamExplorePanel parent_instance;

  RaqamLatentBars *bars;
  GtkWidget       *name;
  GtkSpinButton   *spin;
  gboolean         quiet; /* the spin button is being set */
};

G_DEFINE_FINAL_TYPE (RaqamExploreNumbers, raqam_explore_numbers, RAQAM_TYPE_EXPLORE_PANEL)

static float
current_value (RaqamExploreNumbers *self)
{
  return raqam_latent_bars_get_values (self->bars)[raqam_latent_bars_get_current (self->bars)];
}

static void
show_value (RaqamExploreNumbers *self)
{
  self->quiet = TRUE;
  gtk_spin_button_set_value (self->spin, current_value (self));
  self->quiet = FALSE;
}

static void
current_cb (RaqamExploreNumbers *self)
{
  g_autofree char *name = raqam_latent_bar_name (raqam_latent_bars_get_current (self->bars) + 1);
  /* Translators: %s is "Latent number 7" */
  g_autofree char *label = g_strdup_printf (_("Value of: %s"), name);

  gtk_label_set_label (GTK_LABEL (self->name), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  show_value (self);
}

static void
spin_cb (RaqamExploreNumbers *self)
{
  double value = gtk_spin_button_get_value (self->spin);

  /* What it shows is rounded, and going elsewhere is no change. */
  if (self->quiet || fabs (value - current_value (self)) <= HALF_OF_LAST_DECIMAL)
    return;
  raqam_latent_bars_change (self->bars, raqam_latent_bars_get_current (self->bars), value);
}

static void
bars_changed_cb (RaqamExploreNumbers *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  RaqamStyle style = *raqam_explore_scene_get_style (scene);

  memcpy (style.z, raqam_latent_bars_get_values (self->bars), sizeof (float) * style.latent);
  raqam_explore_scene_set_style (scene, &style, "latent");
}

static void
zero_cb (RaqamExploreNumbers *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  RaqamStyle style = *raqam_explore_scene_get_style (scene);

  memset (style.z, 0, sizeof style.z);
  raqam_explore_scene_set_style (scene, &style, NULL);
}

static void
raqam_explore_numbers_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreNumbers *self = RAQAM_EXPLORE_NUMBERS (panel);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);

  raqam_latent_bars_set_values (self->bars, style->z, style->latent);
  show_value (self);
}

static void
raqam_explore_numbers_class_init (RaqamExploreNumbersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  RAQAM_EXPLORE_PANEL_CLASS (klass)->changed = raqam_explore_numbers_changed;

  g_type_ensure (RAQAM_TYPE_LATENT_BARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-numbers"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreNumbers, bars);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreNumbers, name);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreNumbers, spin);
  gtk_widget_class_bind_template_callback (widget_class, bars_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, current_cb);
  gtk_widget_class_bind_template_callback (widget_class, spin_cb);
  gtk_widget_class_bind_template_callback (widget_class, zero_cb);
}

static void
raqam_explore_numbers_init (RaqamExploreNumbers *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_range (self->spin, -RAQAM_LATENT_BARS_LIMIT, RAQAM_LATENT_BARS_LIMIT);
  raqam_spin_localise (self->spin);
  current_cb (self);
}
