/* train-setup.c — the fields that say what the next run is: recipe, data, device, schedule.
 * SPDX-License-Identifier: MIT */

#include "app/train-setup.h"

#include "print/format.h"
#include "app/scroll.h"
#include "app/ui.h"

#include <glib/gi18n.h>
#include <string.h>

struct _RaqamTrainSetup
{
  AdwBin parent_instance;

  AdwComboRow   *recipe_row;
  AdwActionRow  *data_row;
  RaqamDeviceGroup *devices;
  GtkSpinButton *epochs;
  GtkSpinButton *batch;
  GtkSpinButton *seed;
  GtkSpinButton *generator_rate;
  GtkSpinButton *discriminator_rate;

  GPtrArray            *recipes; /* of RaqamRecipe, as the combo row lists them */
  char                **chosen;  /* data that the user chose, or NULL */
  char                **hoda;    /* as found, or NULL */
  char                **data;    /* what would be trained on, or NULL */
  gsize                 n_images;
  GtkFileChooserNative *dialog;
};

enum
{
  DATA_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamTrainSetup, raqam_train_setup, ADW_TYPE_BIN)

static const RaqamRecipe *
picked_recipe (RaqamTrainSetup *self)
{
  guint index = adw_combo_row_get_selected (self->recipe_row);

  return index < self->recipes->len ? g_ptr_array_index (self->recipes, index) : NULL;
}

static void
show_recipe (RaqamTrainSetup *self, const RaqamRecipe *recipe)
{
  gtk_spin_button_set_value (self->epochs, recipe->epochs);
  gtk_spin_button_set_value (self->batch, recipe->batch);
  gtk_spin_button_set_value (self->seed, (double) recipe->seed);
  gtk_spin_button_set_value (self->generator_rate, (double) recipe->rate[0]);
  gtk_spin_button_set_value (self->discriminator_rate, (double) recipe->rate[1]);
}

/* "1.17 M weights", "248 k weights" */
static char *
describe_weights (const RaqamRecipe *recipe)
{
  gsize count[2];
  double all;
  g_autofree char *number = NULL;

  raqam_recipe_count_weights (count, recipe);
  all = (double) (count[0] + count[1]);
  if (all >= 1e6)
    {
      number = raqam_format_number (all / 1e6, 2);
      /* Translators: %s million trained weights */
      return g_strdup_printf (_("%s M weights"), number);
    }
  number = raqam_format_number (all / 1e3, 0);
  /* Translators: %s thousand trained weights */
  return g_strdup_printf (_("%s k weights"), number);
}

static void
show_data (RaqamTrainSetup *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->n_images > 0)
    {
      g_autofree char *number = raqam_format_integer ((gint64) self->n_images);

      g_string_append_printf (text, g_dngettext (NULL, "%s image", "%s images", self->n_images),
                              number);
    }
  for (gsize i = 0; self->data != NULL && self->data[i] != NULL; i++)
    {
      g_autofree char *name = g_filename_display_basename (self->data[i]);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append (text, name);
    }
  if (text->len == 0)
    g_string_append (text, _("None chosen"));
  adw_action_row_set_subtitle (self->data_row, text->str);
}

static gboolean
same_paths (char **a, char **b)
{
  return a == b
         || (a != NULL && b != NULL
             && g_strv_equal ((const char *const *) a, (const char *const *) b));
}

static gboolean
is_among (const char *path, char **paths)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *other = g_canonicalize_filename (paths[i], NULL);

      if (g_str_equal (whole, other))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_hoda (RaqamTrainSetup *self, char **paths)
{
  for (gsize i = 0; paths[i] != NULL; i++)
    if (!is_among (paths[i], self->hoda))
      return FALSE;
  return TRUE;
}

/* Works out what would be trained on. */
static void
update_data (RaqamTrainSetup *self)
{
  const RaqamRecipe *recipe = picked_recipe (self);
  g_auto (GStrv) data = g_strdupv (self->chosen != NULL ? self->chosen : self->hoda);

  if (self->chosen == NULL && data != NULL
      && (recipe == NULL || strcmp (recipe->name, "thesis") != 0))
    for (gsize i = 1; data[i] != NULL; i++)
      g_clear_pointer (&data[i], g_free);

  if (same_paths (data, self->data))
    return;
  g_strfreev (self->data);
  self->data = g_steal_pointer (&data);
  self->n_images = 0;
  show_data (self);
  g_signal_emit (self, signals[DATA_CHANGED], 0);
}

static void
recipe_selected_cb (RaqamTrainSetup *self)
{
  const RaqamRecipe *recipe = picked_recipe (self);
  g_autofree char *weights = NULL;

  if (recipe == NULL)
    return;
  weights = describe_weights (recipe);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->recipe_row), weights);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->recipe_row), recipe->description);
  show_recipe (self, recipe);
  update_data (self);
}

RaqamRecipe *
raqam_train_setup_make_recipe (RaqamTrainSetup *self, GError **error)
{
  const RaqamRecipe *picked;
  g_autoptr (RaqamRecipe) recipe = NULL;

  g_return_val_if_fail (RAQAM_IS_TRAIN_SETUP (self), NULL);

  picked = picked_recipe (self);
  if (picked == NULL)
    return raqam_recipe_find (raqam_recipe_names ()[0], error);
  recipe = raqam_recipe_copy (picked);
  recipe->epochs = gtk_spin_button_get_value_as_int (self->epochs);
  recipe->batch = gtk_spin_button_get_value_as_int (self->batch);
  recipe->seed = (guint64) gtk_spin_button_get_value (self->seed);
  recipe->rate[0] = (float) gtk_spin_button_get_value (self->generator_rate);
  recipe->rate[1] = (float) gtk_spin_button_get_value (self->discriminator_rate);
  return g_steal_pointer (&recipe);
}

void
raqam_train_setup_recommend (RaqamTrainSetup *self)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  adw_combo_row_set_selected (self->recipe_row, 0);
  recipe_selected_cb (self);
}

const char *
raqam_train_setup_get_recipe (RaqamTrainSetup *self)
{
  const RaqamRecipe *recipe;

  g_return_val_if_fail (RAQAM_IS_TRAIN_SETUP (self), NULL);

  recipe = picked_recipe (self);
  return recipe != NULL ? recipe->name : NULL;
}

void
raqam_train_setup_set_recipe (RaqamTrainSetup *self, const char *name)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  for (guint i = 0; i < self->recipes->len; i++)
    {
      const RaqamRecipe *recipe = g_ptr_array_index (self->recipes, i);

      if (g_strcmp0 (recipe->name, name) == 0)
        adw_combo_row_set_selected (self->recipe_row, i);
    }
}

const char *const *
raqam_train_setup_get_data (RaqamTrainSetup *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_SETUP (self), NULL);

  return (const char *const *) self->data;
}

void
raqam_train_setup_set_data (RaqamTrainSetup *self, const char *const *paths)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  g_strfreev (self->chosen);
  self->chosen = g_strdupv ((char **) paths);
  update_data (self);
}

void
raqam_train_setup_set_hoda (RaqamTrainSetup *self, const char *const *paths)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  g_strfreev (self->hoda);
  self->hoda = g_strdupv ((char **) paths);
  update_data (self);
}

gboolean
raqam_train_setup_uses_hoda (RaqamTrainSetup *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_SETUP (self), FALSE);

  return self->data != NULL && is_hoda (self, self->data);
}

void
raqam_train_setup_set_n_images (RaqamTrainSetup *self, gsize n)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  if (self->n_images == n)
    return;
  self->n_images = n;
  show_data (self);
}

RaqamDeviceGroup *
raqam_train_setup_get_devices (RaqamTrainSetup *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_SETUP (self), NULL);

  return self->devices;
}

void
raqam_train_setup_show_run (RaqamTrainSetup *self, const RaqamRun *run)
{
  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  if (run->recipe != NULL)
    {
      raqam_train_setup_set_recipe (self, run->recipe->name);
      show_recipe (self, run->recipe);
    }
  if (run->data != NULL && run->data[0] != NULL && !is_hoda (self, run->data))
    raqam_train_setup_set_data (self, (const char *const *) run->data);
}

static void
dialog_response_cb (GtkNativeDialog *dialog, int response, RaqamTrainSetup *self)
{
  g_autoptr (GListModel) files = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          if (g_file_peek_path (file) != NULL)
            g_strv_builder_add (builder, g_file_peek_path (file));
        }
      paths = g_strv_builder_end (builder);
      if (paths[0] != NULL)
        raqam_train_setup_set_data (self, (const char *const *) paths);
    }
  g_clear_object (&self->dialog);
}

void
raqam_train_setup_choose_data (RaqamTrainSetup *self)
{
  GtkWindow *parent;
  GtkFileFilter *filter;

  g_return_if_fail (RAQAM_IS_TRAIN_SETUP (self));

  if (self->dialog != NULL)
    return;
  parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  self->dialog = gtk_file_chooser_native_new (_("Choose Data Files"), parent,
                                              GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->dialog), TRUE);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _("Hoda digits (.cdb)"));
  gtk_file_filter_add_pattern (filter, "*.cdb");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
  g_object_unref (filter);
  g_signal_connect (self->dialog, "response", G_CALLBACK (dialog_response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static int
input_cb (GtkSpinButton *spin, double *value)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));

  return raqam_format_parse (text, value) ? TRUE : GTK_INPUT_ERROR;
}

static gboolean
show_value (GtkSpinButton *spin, int decimals)
{
  g_autofree char *text = raqam_format_plain (gtk_spin_button_get_value (spin), decimals);

  if (strcmp (text, gtk_editable_get_text (GTK_EDITABLE (spin))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static gboolean
output_cb (GtkSpinButton *spin)
{
  return show_value (spin, 0);
}

/* Learning rates: as many digits as there are, not 0.00100. */
static gboolean
rate_output_cb (GtkSpinButton *spin)
{
  double scaled = gtk_spin_button_get_value (spin);
  int decimals = 0;

  for (; decimals < 6 && ABS (scaled - (gint64) (scaled + 0.5)) > 1e-6; decimals++)
    scaled *= 10;
  return show_value (spin, MAX (decimals, 1));
}

static void
load_recipes (RaqamTrainSetup *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (const char *const *name = raqam_recipe_names (); *name != NULL; name++)
    {
      g_autoptr (GError) error = NULL;
      RaqamRecipe *recipe = raqam_recipe_find (*name, &error);

      if (recipe == NULL)
        {
          g_warning ("%s", error->message);
          continue;
        }
      gtk_string_list_append (titles, _(recipe->title));
      g_ptr_array_add (self->recipes, recipe);
    }
  adw_combo_row_set_model (self->recipe_row, G_LIST_MODEL (titles));
}

static void
raqam_train_setup_dispose (GObject *object)
{
  g_clear_object (&RAQAM_TRAIN_SETUP (object)->dialog);

  G_OBJECT_CLASS (raqam_train_setup_parent_class)->dispose (object);
}

static void
raqam_train_setup_finalize (GObject *object)
{
  RaqamTrainSetup *self = RAQAM_TRAIN_SETUP (object);

  g_ptr_array_unref (self->recipes);
  g_strfreev (self->chosen);
  g_strfreev (self->hoda);
  g_strfreev (self->data);

  G_OBJECT_CLASS (raqam_train_setup_parent_class)->finalize (object);
}

static void
raqam_train_setup_class_init (RaqamTrainSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_train_setup_dispose;
  object_class->finalize = raqam_train_setup_finalize;

  signals[DATA_CHANGED] = g_signal_new ("data-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RAQAM_TYPE_DEVICE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("train-setup"));
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, recipe_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, data_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, devices);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, epochs);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, batch);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, seed);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, generator_rate);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainSetup, discriminator_rate);
  gtk_widget_class_bind_template_callback (widget_class, recipe_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, input_cb);
  gtk_widget_class_bind_template_callback (widget_class, output_cb);
  gtk_widget_class_bind_template_callback (widget_class, rate_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, raqam_train_setup_choose_data);
}

static void
raqam_train_setup_init (RaqamTrainSetup *self)
{
  self->recipes = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_recipe_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_scroll_leave (GTK_WIDGET (self->epochs));
  raqam_scroll_leave (GTK_WIDGET (self->batch));
  raqam_scroll_leave (GTK_WIDGET (self->seed));
  raqam_scroll_leave (GTK_WIDGET (self->generator_rate));
  raqam_scroll_leave (GTK_WIDGET (self->discriminator_rate));
  load_recipes (self);
  show_data (self);
}
