/* evaluate-time.c — how a run's quality went, checkpoint for checkpoint.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-time.h"

#include "app/evaluate-text.h"
#include "app/heat-map.h"
#include "app/quality-chart.h"
#include "app/settings.h"
#include "app/spin.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/timeline.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

struct _RaqamEvaluateTime
{
  AdwBin parent_instance;

  GtkStack          *stack;
  GtkLabel          *heading;
  GtkSpinButton     *every;
  GtkSpinButton     *images;
  GtkSwitch         *while_training;
  GtkButton         *judge_button;
  GtkStack          *charts;
  RaqamQualityChart *accuracy;
  RaqamQualityChart *frechet;
  GtkToggleButton   *frechet_button;
  RaqamHeatMap      *heat_map;
  GtkLabel          *best_label;
  GtkWidget         *evaluate_button;
  GtkWidget         *explore_button;

  GArray *timeline;  /* of RaqamQuality */
  char   *best_path; /* or NULL where that checkpoint is not there */

  GSettings *settings; /* or NULL */

  /* What was asked for last. */
  char  *asked_folder; /* or NULL */
  double asked_epoch;
};

enum
{
  PROP_EVERY = 1,
  PROP_IMAGES,
  PROP_WHILE_TRAINING,
  N_PROPS
};

enum
{
  JUDGE,
  OPEN,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEvaluateTime, raqam_evaluate_time, ADW_TYPE_BIN)

static void
show_heat_map_cb (RaqamEvaluateTime *self)
{
  raqam_heat_map_set (self->heat_map, self->timeline,
                      gtk_toggle_button_get_active (self->frechet_button),
                      raqam_timeline_best (self->timeline));
}

/* "Best so far: epoch 217, 98.2 % recognised, distance 6.2" */
static char *
describe_best (const RaqamQuality *best)
{
  g_autofree char *epoch = raqam_format_number (best->epoch, 1);
  g_autofree char *accuracy = raqam_evaluate_percent (best->accuracy.all);
  g_autofree char *distance = raqam_evaluate_number (best->frechet.all, 1);

  /* Translators: an epoch, a share as "98.2 %", a Fréchet distance */
  return g_strdup_printf (_("★ Best so far: epoch %s, %s recognised, Fréchet distance %s"), epoch,
                          accuracy, distance);
}

static void
show_best (RaqamEvaluateTime *self, const RaqamEvaluateTarget *target)
{
  int best = raqam_timeline_best (self->timeline);
  g_autofree char *text = NULL;

  g_clear_pointer (&self->best_path, g_free);
  if (best >= 0)
    {
      const RaqamQuality *quality = &g_array_index (self->timeline, RaqamQuality, best);

      self->best_path = g_strdup (raqam_evaluate_target_find (target, quality->step));
      text = describe_best (quality);
    }
  gtk_label_set_label (self->best_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->evaluate_button, self->best_path != NULL);
  gtk_widget_set_visible (self->explore_button, self->best_path != NULL);
}

void
raqam_evaluate_time_set_target (RaqamEvaluateTime *self, const RaqamEvaluateTarget *target)
{
  int best;

  g_return_if_fail (RAQAM_IS_EVALUATE_TIME (self));

  if (target == NULL || target->run == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  g_array_set_size (self->timeline, 0);
  if (target->timeline->len > 0)
    g_array_append_vals (self->timeline, target->timeline->data, target->timeline->len);
  best = raqam_timeline_best (self->timeline);
  gtk_label_set_label (self->heading, target->run->name);
  raqam_quality_chart_set (self->accuracy, self->timeline, best);
  raqam_quality_chart_set (self->frechet, self->timeline, best);
  show_heat_map_cb (self);
  show_best (self, target);
  gtk_stack_set_visible_child_name (self->charts, self->timeline->len > 0 ? "charts" : "none");
  gtk_stack_set_visible_child_name (self->stack, "run");
}

void
raqam_evaluate_time_set_busy (RaqamEvaluateTime *self, gboolean busy)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_TIME (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->judge_button), !busy);
}

void
raqam_evaluate_time_judge (RaqamEvaluateTime *self, RaqamEvaluator *evaluator,
                           const RaqamEvaluateTarget *target,
                           const RaqamEvaluationSettings *settings)
{
  const char *const *data = (const char *const *) target->data;
  RaqamEvaluationSettings own = *settings;

  g_return_if_fail (RAQAM_IS_EVALUATE_TIME (self));

  if (target->run == NULL || data == NULL)
    return;
  own.n_images = gtk_spin_button_get_value_as_int (self->images);
  own.threshold = !target->grey;
  own.scores = TRUE;
  own.utility = FALSE;
  g_free (self->asked_folder);
  self->asked_folder = g_strdup (target->run->folder);
  self->asked_epoch = target->run->epoch;
  raqam_evaluator_judge_run (evaluator, target->run->folder, data,
                             gtk_spin_button_get_value_as_int (self->every), &own);
}

gboolean
raqam_evaluate_time_is_due (RaqamEvaluateTime *self, const RaqamEvaluateTarget *target,
                            gboolean ended)
{
  int every, images;
  double stretch;

  g_return_val_if_fail (RAQAM_IS_EVALUATE_TIME (self), FALSE);

  every = gtk_spin_button_get_value_as_int (self->every);
  images = gtk_spin_button_get_value_as_int (self->images);
  if (!gtk_switch_get_active (self->while_training) || target->run == NULL)
    return FALSE;
  if (ended || every == 0)
    return TRUE;

  /* A checkpoint that lies a rounding before an epoch's end has reached it. */
  stretch = floor (target->run->epoch / every + 1e-6);
  if (g_strcmp0 (self->asked_folder, target->run->folder) == 0
      && floor (self->asked_epoch / every + 1e-6) == stretch)
    return FALSE;
  for (guint i = 0; i < target->timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (target->timeline, RaqamQuality, i);

      if (quality->n_images == images && floor (quality->epoch / every + 1e-6) == stretch)
        return FALSE;
    }
  return TRUE;
}

static void
judge_cb (RaqamEvaluateTime *self)
{
  g_signal_emit (self, signals[JUDGE], 0);
}

static void
evaluate_cb (RaqamEvaluateTime *self)
{
  g_signal_emit (self, signals[OPEN], 0, self->best_path, FALSE);
}

static void
explore_cb (RaqamEvaluateTime *self)
{
  g_signal_emit (self, signals[OPEN], 0, self->best_path, TRUE);
}

static void
every_cb (RaqamEvaluateTime *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EVERY]);
}

static void
images_cb (RaqamEvaluateTime *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IMAGES]);
}

static void
while_training_cb (RaqamEvaluateTime *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WHILE_TRAINING]);
}

static void
raqam_evaluate_time_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamEvaluateTime *self = RAQAM_EVALUATE_TIME (object);

  switch (id)
    {
    case PROP_EVERY:
      g_value_set_int (value, gtk_spin_button_get_value_as_int (self->every));
      break;
    case PROP_IMAGES:
      g_value_set_int (value, gtk_spin_button_get_value_as_int (self->images));
      break;
    case PROP_WHILE_TRAINING:
      g_value_set_boolean (value, gtk_switch_get_active (self->while_training));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* The fields notify when they change. */
static void
raqam_evaluate_time_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RaqamEvaluateTime *self = RAQAM_EVALUATE_TIME (object);

  switch (id)
    {
    case PROP_EVERY:
      gtk_spin_button_set_value (self->every, g_value_get_int (value));
      break;
    case PROP_IMAGES:
      gtk_spin_button_set_value (self->images, g_value_get_int (value));
      break;
    case PROP_WHILE_TRAINING:
      gtk_switch_set_active (self->while_training, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_evaluate_time_finalize (GObject *object)
{
  RaqamEvaluateTime *self = RAQAM_EVALUATE_TIME (object);

  g_array_unref (self->timeline);
  g_free (self->best_path);
  g_free (self->asked_folder);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (raqam_evaluate_time_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  props[PROP_EVERY] = g_param_spec_int ("every", NULL, NULL, 0, 10000, 30, flags);
  props[PROP_IMAGES] = g_param_spec_int ("images", NULL, NULL, RAQAM_EVALUATION_MIN_IMAGES,
                                         RAQAM_EVALUATION_MAX_IMAGES, 2000, flags);
  props[PROP_WHILE_TRAINING] = g_param_spec_boolean ("while-training", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-time"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, heading);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, every);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, images);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, while_training);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, judge_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, charts);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, accuracy);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, frechet);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, frechet_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, heat_map);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, best_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, evaluate_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateTime, explore_button);
  gtk_widget_class_bind_template_callback (widget_class, judge_cb);
  gtk_widget_class_bind_template_callback (widget_class, evaluate_cb);
  gtk_widget_class_bind_template_callback (widget_class, explore_cb);
  gtk_widget_class_bind_template_callback (widget_class, every_cb);
  gtk_widget_class_bind_template_callback (widget_class, images_cb);
  gtk_widget_class_bind_template_callback (widget_class, while_training_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_heat_map_cb);
}

static void
raqam_evaluate_time_class_init (RaqamEvaluateTimeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->finalize = raqam_evaluate_time_finalize;
  object_class->get_property = raqam_evaluate_time_get_property;
  object_class->set_property = raqam_evaluate_time_set_property;
  install_properties (object_class);

  signals[JUDGE] =
    g_signal_new ("judge", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPEN] = g_signal_new ("open", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  g_type_ensure (RAQAM_TYPE_HEAT_MAP);
  g_type_ensure (RAQAM_TYPE_QUALITY_CHART);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
remember_choices (RaqamEvaluateTime *self)
{
  static const char *const names[][2] = { { "judge-every", "every" },
                                          { "judge-images", "images" },
                                          { "judge-while-training", "while-training" } };

  self->settings = raqam_settings_new ();
  for (guint i = 0; self->settings != NULL && i < G_N_ELEMENTS (names); i++)
    g_settings_bind (self->settings, names[i][0], self, names[i][1], G_SETTINGS_BIND_DEFAULT);
}

static void
raqam_evaluate_time_init (RaqamEvaluateTime *self)
{
  self->timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_spin_localise (self->every);
  raqam_spin_localise (self->images);
  remember_choices (self);
}
