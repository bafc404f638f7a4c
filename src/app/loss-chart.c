/* loss-chart.c — curves over the epochs: every step faint, smoothed bold.
 * SPDX-License-Identifier: MIT */

#include "app/loss-chart.h"

#include "app/chart-drawing.h"
#include "app/curves.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define REFRESH_MS 100
#define MIN_WIDTH 260
#define MIN_HEIGHT 190
#define NATURAL_HEIGHT 226

struct _RaqamLossChart
{
  GtkWidget parent_instance;

  char     *title;
  char     *names;
  char    **name_list;
  guint     n_curves;
  guint     first_colour;
  gboolean  unit_range;

  RaqamCurves *curves;
  int          n_epochs;
  guint        refresh_id; /* waits to show what has been pushed */
};

enum
{
  PROP_TITLE = 1,
  PROP_NAMES,
  PROP_FIRST_COLOUR,
  PROP_UNIT_RANGE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamLossChart, raqam_loss_chart, GTK_TYPE_WIDGET)

static double
last_epoch (RaqamLossChart *self)
{
  gsize n = self->curves != NULL ? raqam_curves_get_n (self->curves) : 0;

  return n > 0 ? raqam_curves_get_x (self->curves, n - 1) : 0;
}

static void
describe (RaqamLossChart *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *epoch = raqam_format_number (last_epoch (self), 2);

  for (guint c = 0; c < self->n_curves && last_epoch (self) > 0; c++)
    {
      g_autofree char *value
        = raqam_format_number (raqam_curves_get_latest (self->curves, c), 3);

      /* Translators: a curve's name and its latest value, as "Generator 0.93, " */
      g_string_append_printf (text, _("%s %s, "), self->name_list[c], value);
    }
  if (text->len > 0)
    /* Translators: ends "Generator 0.93, Discriminator 0.57, " */
    g_string_append_printf (text, _("at epoch %s"), epoch);
  else
    g_string_append (text, _("No steps yet"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

static gboolean
refresh_cb (gpointer data)
{
  RaqamLossChart *self = data;

  self->refresh_id = 0;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
refresh_soon (RaqamLossChart *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

void
raqam_loss_chart_push (RaqamLossChart *self, double epoch, const float *values)
{
  g_return_if_fail (RAQAM_IS_LOSS_CHART (self));
  g_return_if_fail (self->curves != NULL);

  raqam_curves_push (self->curves, epoch, values);
  refresh_soon (self);
}

void
raqam_loss_chart_clear (RaqamLossChart *self)
{
  g_return_if_fail (RAQAM_IS_LOSS_CHART (self));

  if (self->curves != NULL)
    raqam_curves_clear (self->curves);
  refresh_soon (self);
}

void
raqam_loss_chart_set_epochs (RaqamLossChart *self, int n_epochs)
{
  g_return_if_fail (RAQAM_IS_LOSS_CHART (self));

  if (self->n_epochs == n_epochs)
    return;
  self->n_epochs = n_epochs;
  refresh_soon (self);
}

static void
set_names (RaqamLossChart *self, const char *names)
{
  if (names == NULL || g_strcmp0 (names, self->names) == 0)
    return;
  g_free (self->names);
  g_strfreev (self->name_list);
  g_clear_pointer (&self->curves, raqam_curves_free);
  self->names = g_strdup (names);
  self->name_list = g_strsplit (names, "\n", 0);
  self->n_curves = g_strv_length (self->name_list);
  if (self->n_curves > 0)
    self->curves = raqam_curves_new (self->n_curves);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAMES]);
}

static void
set_title (RaqamLossChart *self, const char *title)
{
  if (g_strcmp0 (title, self->title) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

static void
raqam_loss_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);
  RaqamChart chart = {
    .widget = widget,
    .title = self->title,
    .names = (const char *const *) self->name_list,
    .n_curves = self->n_curves,
    .first_colour = self->first_colour,
    .unit_range = self->unit_range,
    .curves = self->curves,
    .epoch = last_epoch (self),
    .n_epochs = self->n_epochs,
  };
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->curves == NULL || width < 2 || height < 2)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  raqam_chart_draw (&chart, cr, width, height);
  cairo_destroy (cr);
}

static void
raqam_loss_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : NATURAL_HEIGHT;
}

static void
raqam_loss_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      set_title (self, g_value_get_string (value));
      break;
    case PROP_NAMES:
      set_names (self, g_value_get_string (value));
      break;
    case PROP_FIRST_COLOUR:
      self->first_colour = g_value_get_uint (value);
      break;
    case PROP_UNIT_RANGE:
      self->unit_range = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_loss_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_NAMES:
      g_value_set_string (value, self->names);
      break;
    case PROP_FIRST_COLOUR:
      g_value_set_uint (value, self->first_colour);
      break;
    case PROP_UNIT_RANGE:
      g_value_set_boolean (value, self->unit_range);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_loss_chart_dispose (GObject *object)
{
  g_clear_handle_id (&RAQAM_LOSS_CHART (object)->refresh_id, g_source_remove);

  G_OBJECT_CLASS (raqam_loss_chart_parent_class)->dispose (object);
}

static void
raqam_loss_chart_finalize (GObject *object)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (object);

  g_free (self->title);
  g_free (self->names);
  g_strfreev (self->name_list);
  g_clear_pointer (&self->curves, raqam_curves_free);

  G_OBJECT_CLASS (raqam_loss_chart_parent_class)->finalize (object);
}

static void
raqam_loss_chart_class_init (RaqamLossChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = raqam_loss_chart_dispose;
  object_class->finalize = raqam_loss_chart_finalize;
  object_class->get_property = raqam_loss_chart_get_property;
  object_class->set_property = raqam_loss_chart_set_property;
  widget_class->measure = raqam_loss_chart_measure;
  widget_class->snapshot = raqam_loss_chart_snapshot;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_NAMES] = g_param_spec_string ("names", NULL, NULL, NULL, flags);
  props[PROP_FIRST_COLOUR] = g_param_spec_uint ("first-colour", NULL, NULL, 1, 8, 1, flags);
  props[PROP_UNIT_RANGE] = g_param_spec_boolean ("unit-range", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "losschart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_loss_chart_init (RaqamLossChart *self)
{
  describe (self);
}
