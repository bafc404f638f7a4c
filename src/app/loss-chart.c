/* loss-chart.c — curves over the epochs: every step faint, smoothed bold.
 * SPDX-License-Identifier: MIT */

#include "app/loss-chart-private.h"

#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define REFRESH_MS 100
#define MIN_WIDTH 260
#define MIN_HEIGHT 190
#define NATURAL_HEIGHT 226
#define BUTTON_OUT 8 /* that the button reaches into the card's padding */

enum
{
  PROP_TITLE = 1,
  PROP_NAMES,
  PROP_FIRST_COLOUR,
  PROP_UNIT_RANGE,
  PROP_DECIMALS,
  PROP_SMOOTHING,
  PROP_LOG,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamLossChart, raqam_loss_chart, GTK_TYPE_WIDGET)

RaqamChart
raqam_loss_chart_describe (RaqamLossChart *self, const RaqamChartStyle *style)
{
  return (RaqamChart){
    .style = style,
    .title = self->title,
    .names = (const char *const *) self->name_list,
    .n_curves = self->n_curves,
    .unit_range = self->unit_range,
    .decimals = self->decimals,
    .curves = self->curves,
    .n_epochs = self->n_epochs,
    .view = self->view,
    .log = self->log,
    .smoothing = self->smoothing / 100.0,
    .crosshair = self->crosshair,
  };
}

void
raqam_loss_chart_get_paper (RaqamLossChart *self, RaqamChart *chart, RaqamChartStyle *style)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));

  raqam_chart_style_init_paper (style, pango_context_get_font_description (context),
                                gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL,
                                self->first_colour);
  *chart = raqam_loss_chart_describe (self, style);
  chart->crosshair = NAN;
}

/* "Generator 0.93, Discriminator 0.57, at epoch 3.21" */
static void
describe_values (RaqamLossChart *self, GString *text, const RaqamChart *chart, double at)
{
  g_autofree char *epoch = raqam_format_number (at, 2);

  for (guint c = 0; c < self->n_curves; c++)
    {
      float number = raqam_chart_get_value (chart, c);
      g_autofree char *value =
        isfinite (number) ? raqam_format_number (number, self->decimals + 1) : g_strdup ("–");

      /* Translators: a curve's name and its latest value, as "Generator 0.93, " */
      g_string_append_printf (text, _("%s %s, "), self->name_list[c], value);
    }
  /* Translators: ends "Generator 0.93, Discriminator 0.57, " */
  g_string_append_printf (text, _("at epoch %s"), epoch);
}

static void
describe_view (RaqamLossChart *self, GString *text)
{
  g_autofree char *first = raqam_format_number (self->view.first, 3);
  g_autofree char *last = raqam_format_number (self->view.last, 3);

  /* Translators: follows other parts of a chart's description; two epochs */
  g_string_append_printf (text, _("; in sight: %s to %s"), first, last);
}

static void
describe (RaqamLossChart *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  RaqamChart chart = raqam_loss_chart_describe (self, NULL);
  double epoch = self->curves != NULL ? raqam_chart_get_epoch (&chart) : 0;

  chart.crosshair = NAN;
  if (epoch > 0)
    describe_values (self, text, &chart, epoch);
  else
    g_string_append (text, _("No steps yet"));
  if (epoch > 0 && !isnan (self->crosshair))
    {
      /* Translators: follows a chart's latest values; the values at the crosshair come behind */
      g_string_append (text, _("; crosshair: "));
      chart.crosshair = self->crosshair;
      describe_values (self, text, &chart, self->crosshair);
    }
  if (self->view.zoomed)
    describe_view (self, text);

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

/* After what the user did: at once. */
void
raqam_loss_chart_show (RaqamLossChart *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
  self->view = (RaqamPlotView){ 0 };
  self->crosshair = NAN;
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
  g_autofree char *button = NULL;

  if (g_strcmp0 (title, self->title) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "", -1);
  /* Translators: the name of a button that opens a menu; the chart's title */
  button = g_strdup_printf (_("Options of the chart “%s”"), title != NULL ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  button, -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

static void
raqam_loss_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  RaqamChartStyle style;
  RaqamChart chart;
  cairo_t *cr;

  if (self->curves == NULL || width < 2 || height < 2)
    return;
  raqam_chart_style_init_widget (&style, widget, self->first_colour);
  chart = raqam_loss_chart_describe (self, &style);
  chart.inset = gtk_widget_get_width (self->button);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  raqam_chart_draw (&chart, cr, width, height, &self->field);
  cairo_destroy (cr);
  raqam_chart_style_clear (&style);
  gtk_widget_snapshot_child (widget, self->button, snapshot);
}

static void
raqam_loss_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *button = RAQAM_LOSS_CHART (widget)->button;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkRequisition size;

  gtk_widget_get_preferred_size (button, &size, NULL);
  gtk_widget_size_allocate (
    button,
    &(GtkAllocation){ mirrored ? -BUTTON_OUT : width - size.width + BUTTON_OUT, -BUTTON_OUT,
                      size.width, size.height },
    -1);
}

static void
raqam_loss_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : NATURAL_HEIGHT;
}

static void
set_smoothing (RaqamLossChart *self, int smoothing)
{
  if (smoothing == self->smoothing)
    return;
  self->smoothing = smoothing;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SMOOTHING]);
}

static void
set_log (RaqamLossChart *self, gboolean log)
{
  if (log == self->log)
    return;
  self->log = log;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOG]);
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
    case PROP_DECIMALS:
      self->decimals = g_value_get_int (value);
      break;
    case PROP_SMOOTHING:
      set_smoothing (self, g_value_get_int (value));
      break;
    case PROP_LOG:
      set_log (self, g_value_get_boolean (value));
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
    case PROP_DECIMALS:
      g_value_set_int (value, self->decimals);
      break;
    case PROP_SMOOTHING:
      g_value_set_int (value, self->smoothing);
      break;
    case PROP_LOG:
      g_value_set_boolean (value, self->log);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_loss_chart_dispose (GObject *object)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->button, gtk_widget_unparent);

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
  widget_class->size_allocate = raqam_loss_chart_size_allocate;
  widget_class->snapshot = raqam_loss_chart_snapshot;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_NAMES] = g_param_spec_string ("names", NULL, NULL, NULL, flags);
  props[PROP_FIRST_COLOUR] = g_param_spec_uint ("first-colour", NULL, NULL, 1, 8, 1, flags);
  props[PROP_UNIT_RANGE] = g_param_spec_boolean ("unit-range", NULL, NULL, FALSE, flags);
  props[PROP_DECIMALS] = g_param_spec_int ("decimals", NULL, NULL, 0, 8, 2, flags);
  props[PROP_SMOOTHING] =
    g_param_spec_int ("smoothing", NULL, NULL, 0, 100, (int) (100 * RAQAM_CURVES_SMOOTHING),
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_LOG] = g_param_spec_boolean (
    "log", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "losschart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("loss-chart"));
  gtk_widget_class_bind_template_child (widget_class, RaqamLossChart, button);
  gtk_widget_class_install_property_action (widget_class, "chart.smoothing", "smoothing");
  gtk_widget_class_install_property_action (widget_class, "chart.log", "log");
  raqam_loss_chart_class_bind_input (widget_class);
}

static void
raqam_loss_chart_init (RaqamLossChart *self)
{
  self->crosshair = NAN;
  self->decimals = 2;
  self->smoothing = (int) (100 * RAQAM_CURVES_SMOOTHING);
  gtk_widget_init_template (GTK_WIDGET (self));
  describe (self);
}
