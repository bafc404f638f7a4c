/* latent-bar.c — one number of a latent vector, for the keyboard and a screen reader.
 * SPDX-License-Identifier: MIT */

#include "app/latent-bar.h"

#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamLatentBar
{
  GtkRange parent_instance;
};

G_DEFINE_FINAL_TYPE (RaqamLatentBar, raqam_latent_bar, GTK_TYPE_RANGE)

char *
raqam_latent_bar_name (int number)
{
  g_autofree char *text = raqam_format_integer (number);

  return g_strdup_printf (_("Latent number %s"), text);
}

static void
raqam_latent_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = 1;
  *natural = 1;
}

static void
raqam_latent_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
}

static void
raqam_latent_bar_class_init (RaqamLatentBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = raqam_latent_bar_measure;
  widget_class->snapshot = raqam_latent_bar_snapshot;

  gtk_widget_class_set_css_name (widget_class, "latentbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
raqam_latent_bar_init (RaqamLatentBar *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
raqam_latent_bar_new (int number, double limit)
{
  GtkWidget *self = g_object_new (RAQAM_TYPE_LATENT_BAR, NULL);
  g_autofree char *name = raqam_latent_bar_name (number);

  gtk_range_set_range (GTK_RANGE (self), -limit, limit);
  gtk_range_set_value (GTK_RANGE (self), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return self;
}
