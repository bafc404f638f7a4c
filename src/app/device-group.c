/* device-group.c — the rows that choose a device and its precision.
 * SPDX-License-Identifier: MIT */

#include "app/device-group.h"

#include "app/ui.h"
#include "engine/device.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

#define GIB (1024.0 * 1024 * 1024)

/* The devices in the row's order. */
typedef enum
{
  AUTOMATIC,
  GPU,
  CPU,
  N_DEVICES,
} Device;

static const char *const devices[] = { "auto", "cuda", "cpu" };

/* By RaqamPrecision; they are names of types, the same in every language. */
static const char *const precision_names[] = { "auto", "f32", "tf32", "bf16" };
static const char *const precision_titles[] = { NULL, "f32", "TF32", "bf16" };

#define N_PRECISIONS G_N_ELEMENTS (precision_names)

struct _RaqamDeviceGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow *device_row;
  AdwComboRow *precision_row;

  GPtrArray    *found;      /* of RaqamDeviceEntry; NULL while it is looked for them */
  char         *at_work;    /* or NULL */
  RaqamPrecision precisions[N_PRECISIONS]; /* of the precision row, in its order */
  guint         n_precisions;
  RaqamPrecision wanted;    /* as the user chose; the device may not have it */
  gboolean      filling;    /* rows change, but not by the user */
  GCancellable *cancellable;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamDeviceGroup, raqam_device_group, ADW_TYPE_PREFERENCES_GROUP)

static Device
chosen (RaqamDeviceGroup *self)
{
  guint index = adw_combo_row_get_selected (self->device_row);

  return index < N_DEVICES ? (Device) index : AUTOMATIC;
}

static const RaqamDeviceEntry *
find (RaqamDeviceGroup *self, const char *name)
{
  for (guint i = 0; self->found != NULL && i < self->found->len; i++)
    {
      const RaqamDeviceEntry *entry = self->found->pdata[i];

      if (strcmp (entry->name, name) == 0)
        return entry;
    }
  return NULL;
}

static gboolean
is_usable (const RaqamDeviceEntry *entry)
{
  return entry != NULL && entry->why_not == NULL;
}

/* The one that @device means; NULL while that is not known. */
static const RaqamDeviceEntry *
resolve (RaqamDeviceGroup *self, Device device)
{
  if (device == AUTOMATIC)
    return find (self, is_usable (find (self, "cuda")) ? "cuda" : "cpu");
  return find (self, devices[device]);
}

static const char *
short_title (Device device)
{
  switch (device)
    {
    case GPU:
      return _("GPU");
    case CPU:
      return _("CPU");
    case AUTOMATIC:
    case N_DEVICES:
    default:
      return _("Automatic");
    }
}

/* "NVIDIA H100, 79.6 GiB" */
static char *
full_name (const RaqamDeviceEntry *entry)
{
  g_autofree char *memory = NULL;

  if (entry->info.memory == 0)
    return g_strdup (entry->info.name);
  memory = raqam_format_number ((double) entry->info.memory / GIB, 1);
  /* Translators: a GPU's name and how much memory it has */
  return g_strdup_printf (_("%s, %s GiB"), entry->info.name, memory);
}

/* What is said of a device below its short title; NULL for nothing. */
static char *
explain (RaqamDeviceGroup *self, Device device)
{
  const RaqamDeviceEntry *gpu = find (self, "cuda");
  const RaqamDeviceEntry *entry = resolve (self, device);
  g_autofree char *name = NULL;

  if (entry == NULL)
    return g_strdup (_("Looking for devices…"));
  if (entry->why_not != NULL)
    return g_strdup (entry->why_not);

  name = full_name (entry);
  if (device == AUTOMATIC && gpu != NULL && gpu->present && gpu->why_not != NULL)
    return g_strdup_printf ("%s\n%s", name, gpu->why_not);
  return g_steal_pointer (&name);
}

static void
show_subtitle (RaqamDeviceGroup *self)
{
  g_autofree char *text
    = self->at_work != NULL ? g_strdup (self->at_work) : explain (self, chosen (self));

  if (g_strcmp0 (adw_action_row_get_subtitle (ADW_ACTION_ROW (self->device_row)), text) != 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->device_row), text);
}

static gboolean
has_precision (const RaqamDeviceEntry *entry, RaqamPrecision precision)
{
  switch (precision)
    {
    case RAQAM_PRECISION_TF32:
      return entry->info.has_tf32;
    case RAQAM_PRECISION_BF16:
      return entry->info.has_bf16;
    case RAQAM_PRECISION_AUTO:
    case RAQAM_PRECISION_F32:
    default:
      return TRUE;
    }
}

/* What the chosen one is, and by name where "automatic" chose it. */
static char *
explain_precision (const RaqamDeviceEntry *entry, RaqamPrecision precision)
{
  static const char *const texts[N_PRECISIONS] = {
    NULL,
    N_("all in 32 bits"),
    N_("factors of products rounded to 19 bits, the rest in 32"),
    N_("factors of products and activations in 16 bits, the rest in 32"),
  };
  RaqamPrecision meant = precision == RAQAM_PRECISION_AUTO ? entry->info.precision : precision;

  /* Translators: a precision, f32, TF32 or bf16, and what it is */
  return g_strdup_printf (C_("precision", "%s: %s"), precision_titles[meant], _(texts[meant]));
}

static void
show_precision (RaqamDeviceGroup *self)
{
  const RaqamDeviceEntry *entry = resolve (self, chosen (self));
  g_autofree char *text = NULL;

  if (!is_usable (entry))
    return;
  text = explain_precision (entry, raqam_device_group_get_precision (self));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->precision_row), text);
}

/* Shown where there is something to choose. */
static void
fill_precisions (RaqamDeviceGroup *self)
{
  const RaqamDeviceEntry *entry = resolve (self, chosen (self));
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;

  self->n_precisions = 0;
  for (RaqamPrecision p = RAQAM_PRECISION_AUTO; is_usable (entry) && p < N_PRECISIONS; p++)
    {
      if (!has_precision (entry, p))
        continue;
      if (p == self->wanted)
        selected = self->n_precisions;
      gtk_string_list_append (titles,
                              p == RAQAM_PRECISION_AUTO ? _("Automatic") : precision_titles[p]);
      self->precisions[self->n_precisions++] = p;
    }

  self->filling = TRUE;
  adw_combo_row_set_model (self->precision_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->precision_row, selected);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->precision_row), self->n_precisions > 2);
  show_precision (self);
}

static void
fill_devices (RaqamDeviceGroup *self)
{
  Device device = chosen (self);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (int d = 0; d < N_DEVICES; d++)
    gtk_string_list_append (titles, short_title (d));

  self->filling = TRUE;
  adw_combo_row_set_model (self->device_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->device_row, device);
  self->filling = FALSE;
  show_subtitle (self);
  fill_precisions (self);
}

static void
device_selected_cb (RaqamDeviceGroup *self)
{
  if (self->filling)
    return;
  show_subtitle (self);
  fill_precisions (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
precision_selected_cb (RaqamDeviceGroup *self)
{
  guint index = adw_combo_row_get_selected (self->precision_row);

  if (self->filling || index >= self->n_precisions)
    return;
  self->wanted = self->precisions[index];
  show_precision (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
new_label (GtkWidget *box, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  if (style != NULL)
    {
      gtk_widget_add_css_class (label, style);
      gtk_widget_add_css_class (label, "dim-label");
    }
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* An entry of the list: the device's short title, and below it what there is to say. */
static void
set_up_item_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  new_label (box, NULL);
  new_label (box, "caption");
  gtk_list_item_set_child (item, box);
}

static void
bind_item_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  RaqamDeviceGroup *self = data;
  Device device = (Device) gtk_list_item_get_position (item);
  GtkWidget *title = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *below = gtk_widget_get_next_sibling (title);
  const RaqamDeviceEntry *entry = resolve (self, device);
  g_autofree char *text = explain (self, device);
  gboolean usable = entry == NULL || is_usable (entry);

  gtk_label_set_label (GTK_LABEL (title), short_title (device));
  gtk_label_set_label (GTK_LABEL (below), text);
  gtk_list_item_set_selectable (item, usable);
  gtk_list_item_set_activatable (item, usable);
  gtk_widget_set_sensitive (title, usable);
}

static void
set_up_list (RaqamDeviceGroup *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_item_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_item_cb), self);
  adw_combo_row_set_list_factory (self->device_row, factory);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, raqam_device_list (), (GDestroyNotify) g_ptr_array_unref);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RaqamDeviceGroup *self = RAQAM_DEVICE_GROUP (source);
  GPtrArray *found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (found == NULL)
    return;
  self->found = found;
  fill_devices (self);
}

static void
look_for_devices (RaqamDeviceGroup *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, looked_cb, NULL);

  g_task_run_in_thread (task, look_in_thread);
}

const char *
raqam_device_group_get_device (RaqamDeviceGroup *self)
{
  g_return_val_if_fail (RAQAM_IS_DEVICE_GROUP (self), devices[AUTOMATIC]);

  return devices[chosen (self)];
}

RaqamPrecision
raqam_device_group_get_precision (RaqamDeviceGroup *self)
{
  guint index;

  g_return_val_if_fail (RAQAM_IS_DEVICE_GROUP (self), RAQAM_PRECISION_AUTO);

  index = adw_combo_row_get_selected (self->precision_row);
  return index < self->n_precisions ? self->precisions[index] : RAQAM_PRECISION_AUTO;
}

const char *
raqam_device_group_get_precision_name (RaqamDeviceGroup *self)
{
  g_return_val_if_fail (RAQAM_IS_DEVICE_GROUP (self), precision_names[RAQAM_PRECISION_AUTO]);

  return precision_names[self->wanted];
}

void
raqam_device_group_choose (RaqamDeviceGroup *self, const char *device, const char *precision)
{
  g_return_if_fail (RAQAM_IS_DEVICE_GROUP (self));

  self->filling = TRUE;
  for (guint d = 0; d < N_DEVICES; d++)
    if (strcmp (devices[d], device) == 0)
      adw_combo_row_set_selected (self->device_row, d);
  self->filling = FALSE;
  for (guint p = 0; p < N_PRECISIONS; p++)
    if (strcmp (precision_names[p], precision) == 0)
      self->wanted = (RaqamPrecision) p;
  show_subtitle (self);
  fill_precisions (self);
}

void
raqam_device_group_show_at_work (RaqamDeviceGroup *self, const char *text)
{
  g_return_if_fail (RAQAM_IS_DEVICE_GROUP (self));

  if (g_strcmp0 (self->at_work, text) == 0)
    return;
  g_free (self->at_work);
  self->at_work = g_strdup (text);
  show_subtitle (self);
}

static void
raqam_device_group_dispose (GObject *object)
{
  RaqamDeviceGroup *self = RAQAM_DEVICE_GROUP (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (raqam_device_group_parent_class)->dispose (object);
}

static void
raqam_device_group_finalize (GObject *object)
{
  RaqamDeviceGroup *self = RAQAM_DEVICE_GROUP (object);

  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self->at_work);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (raqam_device_group_parent_class)->finalize (object);
}

static void
raqam_device_group_class_init (RaqamDeviceGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_device_group_dispose;
  object_class->finalize = raqam_device_group_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("device-group"));
  gtk_widget_class_bind_template_child (widget_class, RaqamDeviceGroup, device_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamDeviceGroup, precision_row);
  gtk_widget_class_bind_template_callback (widget_class, device_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, precision_selected_cb);
}

static void
raqam_device_group_init (RaqamDeviceGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filling = FALSE;
  set_up_list (self);
  fill_devices (self);
  look_for_devices (self);
}
