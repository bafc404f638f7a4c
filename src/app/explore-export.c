/* explore-export.c — takes the present picture out of the program, or keeps it.
 * SPDX-License-Identifier: MIT */

#include "app/explore-export.h"

#include "app/digit-picture.h"
#include "app/picture-drag.h"
#include "app/picture-export.h"
#include "app/picture-save.h"
#include "app/toast.h"
#include "app/ui.h"
#include "engine/style-record.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define COPY_SIDE 448

struct _RaqamExploreExport
{
  RaqamExplorePanel parent_instance;

  RaqamDigitPicture    *picture; /* or NULL */
  GQueue                takings; /* of Taking: asked for, not drawn yet */
  AdwToast             *toast;   /* or NULL */
  GtkFileChooserNative *dialog;
};

G_DEFINE_FINAL_TYPE (RaqamExploreExport, raqam_explore_export, RAQAM_TYPE_EXPLORE_PANEL)

/* What is to be done with a picture once it is drawn: the one on the screen may be that
 * of a style before. @export: (transfer full), with pixels */
typedef void (*TakeFunc) (RaqamExploreExport *self, RaqamPictureExport *export);

typedef struct
{
  TakeFunc   func;
  RaqamStyle style;
} Taking;

static RaqamExploreScene *
scene_of (RaqamExploreExport *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static gboolean
is_crisp (RaqamExploreExport *self)
{
  return self->picture != NULL && raqam_digit_picture_get_crisp (self->picture);
}

/* @pixels: (784) (nullable) */
static RaqamPictureExport *
new_export (RaqamExploreExport *self, const RaqamStyle *style, const guint8 *pixels)
{
  RaqamPictureExport *export = g_new0 (RaqamPictureExport, 1);

  export->style = *style;
  export->model = raqam_model_ref (raqam_explore_scene_get_model (scene_of (self)));
  export->pixels = pixels != NULL ? g_bytes_new (pixels, RAQAM_IMAGE_SIZE) : NULL;
  export->look.side = COPY_SIDE;
  export->look.crisp = is_crisp (self);
  export->look.dark = TRUE;
  return export;
}

static void
take (RaqamExploreExport *self, TakeFunc func)
{
  RaqamExploreScene *scene = scene_of (self);
  g_autofree RaqamStyle *styles = NULL;
  Taking *taking;
  guint n = 0;

  if (raqam_explore_scene_get_model (scene) == NULL
      || self->takings.length == RAQAM_ENGINE_MAX_IMAGES)
    return;
  taking = g_new (Taking, 1);
  taking->func = func;
  taking->style = *raqam_explore_scene_get_style (scene);
  g_queue_push_tail (&self->takings, taking);

  styles = g_new (RaqamStyle, self->takings.length);
  for (GList *link = self->takings.head; link != NULL; link = link->next)
    styles[n++] = ((Taking *) link->data)->style;
  raqam_explore_scene_draw (scene, RAQAM_SCENE_KEPT, styles, n);
}

/* The pictures of a request that a later one has replaced are among the later one's. */
static void
drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreExport *self)
{
  const guint8 *picture = g_bytes_get_data (pixels, NULL);

  if (g_bytes_get_size (pixels) != (gsize) self->takings.length * RAQAM_IMAGE_SIZE)
    return;
  for (; self->takings.length > 0; picture += RAQAM_IMAGE_SIZE)
    {
      g_autofree Taking *taking = g_queue_pop_head (&self->takings);

      taking->func (self, new_export (self, &taking->style, picture));
    }
}

/* What has not been drawn may not fit the model that there is now. */
static void
model_cb (RaqamExploreExport *self)
{
  Taking *first = g_queue_peek_head (&self->takings);

  if (first != NULL
      && first->style.latent != raqam_explore_scene_get_style (scene_of (self))->latent)
    g_queue_clear_full (&self->takings, g_free);
}

/* What could not be drawn is not done with a later picture. */
static void
failed_cb (RaqamExploreExport *self)
{
  g_queue_clear_full (&self->takings, g_free);
}

/* Returns: (transfer full): the name of the @n-th kept picture until the user gives another */
static char *
first_name (const RaqamStyle *style, guint n)
{
  g_autofree char *number = raqam_format_integer (n);
  const char *digit = raqam_format_persian_digit (raqam_style_main_digit (style));

  if (style->other != style->digit && style->mix > 0 && style->mix < RAQAM_MIX_MAX)
    /* Translators: the name of a kept picture that mixes two digits: both as Persian
     * digits, and a number, as in "Digits ۴ and ۷ (12)" */
    return g_strdup_printf (_("Digits %s and %s (%s)"), raqam_format_persian_digit (style->digit),
                            raqam_format_persian_digit (style->other), number);
  /* Translators: the name of a kept picture until the user gives another: a Persian digit
   * and a number, as in "Digit ۴ (12)" */
  return g_strdup_printf (_("Digit %s (%s)"), digit, number);
}

static void
keep (RaqamExploreExport *self, RaqamPictureExport *export)
{
  g_autoptr (RaqamPictureExport) own = export;
  RaqamKeptList *list = raqam_explore_scene_get_kept (scene_of (self));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autofree char *name = first_name (&own->style, n + 1);
  g_autofree char *message = g_strdup_printf (_("Kept as “%s”"), name);
  RaqamStyleRecord *record = raqam_style_record_new (&own->style, own->model, FALSE);
  g_autoptr (RaqamKeptItem) item
    = raqam_kept_item_new (raqam_kept_new (record, name, g_bytes_get_data (own->pixels, NULL)));

  if (raqam_kept_list_insert (list, n, item))
    raqam_toast_show (GTK_WIDGET (self), &self->toast, message, NULL);
  else
    raqam_explore_scene_problem (scene_of (self),
                                 _("The picture could not be kept: the file of what is kept for "
                                   "this model has not been read, or it is full."));
}

static void
copied (RaqamExploreExport *self, GAsyncResult *result, gboolean picture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = raqam_picture_export_finish (result, &error);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  g_autoptr (GdkContentProvider) content = NULL;
  g_autofree char *message = NULL;

  if (bytes == NULL)
    {
      message = g_strdup_printf (_("The picture could not be copied: %s"), error->message);
      raqam_explore_scene_problem (scene_of (self), message);
    }
  else if (picture)
    {
      content = gdk_content_provider_new_for_bytes ("image/png", bytes);
      gdk_clipboard_set_content (clipboard, content);
      raqam_toast_show (GTK_WIDGET (self), &self->toast, _("Picture copied"), NULL);
    }
  else
    {
      g_autofree char *text
        = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

      gdk_clipboard_set_text (clipboard, text);
      raqam_toast_show (GTK_WIDGET (self), &self->toast, _("Vector copied"), NULL);
    }
}

static void
picture_copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreExport) self = data;

  if (scene_of (self) != NULL)
    copied (self, result, TRUE);
}

static void
vector_copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreExport) self = data;

  if (scene_of (self) != NULL)
    copied (self, result, FALSE);
}

static void
copy_picture (RaqamExploreExport *self, RaqamPictureExport *export)
{
  raqam_picture_export_async (export, NULL, picture_copied_cb, g_object_ref (self));
}

static void
ask (RaqamExploreExport *self, RaqamPictureExport *export)
{
  raqam_picture_save_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), scene_of (self),
                          export);
}

/* Goes to the vector that @data holds, or says why it can't. */
static void
go_to (RaqamExploreExport *self, gconstpointer data, gsize size, const char *origin)
{
  RaqamExploreScene *scene = scene_of (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamStyleRecord) record = raqam_style_record_read (data, size, origin, &error);

  if (record == NULL
      || raqam_style_record_refuse_latent (record, raqam_explore_scene_get_style (scene)->latent,
                                           &error))
    {
      g_autofree char *message
        = g_strdup_printf (_("There is no vector to go to. %s"), error->message);

      raqam_explore_scene_problem (scene, message);
      return;
    }
  raqam_explore_scene_set_style (scene, &record->style, NULL);
}

static void
paste_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreExport) self = data;
  GMemoryOutputStream *stream = G_MEMORY_OUTPUT_STREAM (source);
  g_autoptr (GError) error = NULL;
  gssize size = g_output_stream_splice_finish (G_OUTPUT_STREAM (stream), result, &error);
  g_autofree char *message = NULL;

  if (scene_of (self) == NULL)
    return;
  if (size >= 0)
    go_to (self, g_memory_output_stream_get_data (stream),
           g_memory_output_stream_get_data_size (stream), _("The clipboard"));
  else
    {
      message = g_strdup_printf (_("The clipboard could not be read: %s"), error->message);
      raqam_explore_scene_problem (scene_of (self), message);
    }
}

static void
paste_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreExport) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream
    = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (scene_of (self) == NULL)
    return;
  if (stream == NULL)
    raqam_explore_scene_problem (scene_of (self),
                                 _("There is no vector on the clipboard: copy one as JSON, or a "
                                   "picture that Raqam has made."));
  else
    g_output_stream_splice_async (
      memory, stream,
      G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
      G_PRIORITY_DEFAULT, NULL, paste_done_cb, g_object_ref (self));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreExport) self = data;
  g_autofree char *contents = NULL, *message = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *origin = g_filename_display_name (name);
  g_autoptr (GError) error = NULL;
  gsize size;

  if (scene_of (self) == NULL)
    return;
  if (g_file_load_contents_finish (G_FILE (source), result, &contents, &size, NULL, &error))
    go_to (self, contents, size, origin);
  else
    {
      message = g_strdup_printf (_("“%s” could not be opened: %s"), origin, error->message);
      raqam_explore_scene_problem (scene_of (self), message);
    }
}

static void
opened_cb (GtkNativeDialog *dialog, int response, RaqamExploreExport *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    g_file_load_contents_async (file, NULL, loaded_cb, g_object_ref (self));
  g_clear_object (&self->dialog);
}

static void
open_vector (RaqamExploreExport *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->dialog != NULL)
    return;
  self->dialog = gtk_file_chooser_native_new (
    _("Open Vector"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
    GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_file_filter_set_name (filter, _("Vectors and pictures that carry one (.json, .png)"));
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_filter_add_pattern (filter, "*.png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (opened_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
action_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RaqamExploreExport *self = RAQAM_EXPLORE_EXPORT (widget);
  RaqamExploreScene *scene = scene_of (self);
  const char *mime_types[] = { "text/plain;charset=utf-8", "application/json", "image/png", NULL };

  if (scene == NULL || raqam_explore_scene_get_model (scene) == NULL)
    return;
  if (g_str_equal (action, "export.keep"))
    take (self, keep);
  else if (g_str_equal (action, "export.copy-picture"))
    take (self, copy_picture);
  else if (g_str_equal (action, "export.save-picture"))
    take (self, ask);
  else if (g_str_equal (action, "export.copy-vector"))
    raqam_picture_export_async (new_export (self, raqam_explore_scene_get_style (scene), NULL),
                                NULL, vector_copied_cb, g_object_ref (self));
  else if (g_str_equal (action, "export.save-vector"))
    ask (self, new_export (self, raqam_explore_scene_get_style (scene), NULL));
  else if (g_str_equal (action, "export.open-vector"))
    open_vector (self);
  else
    gdk_clipboard_read_async (gtk_widget_get_clipboard (widget), mime_types, G_PRIORITY_DEFAULT,
                              NULL, paste_cb, g_object_ref (self));
}

static gboolean
key_cb (GtkWidget *widget, GVariant *args, gpointer action)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (!gtk_widget_get_mapped (widget) || GTK_IS_EDITABLE (focus))
    return GDK_EVENT_PROPAGATE;
  action_cb (widget, action, NULL);
  return GDK_EVENT_STOP;
}

/* Wherever the focus is, unless a text is being written. */
static void
add_shortcuts (RaqamExploreExport *self)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_k, 0, "export.keep" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "export.copy-picture" },
    { GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "export.copy-vector" },
    { GDK_KEY_v, GDK_CONTROL_MASK, "export.paste" },
    { GDK_KEY_s, GDK_CONTROL_MASK, "export.save-picture" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                        gtk_callback_action_new (key_cb, (gpointer) keys[i].action, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
raqam_explore_export_attach (RaqamExploreExport *self, GtkWidget *picture)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_EXPORT (self));
  g_return_if_fail (scene_of (self) != NULL);

  g_set_weak_pointer (&self->picture, RAQAM_DIGIT_PICTURE (picture));
  raqam_picture_drag_attach (self->picture, scene_of (self));
}

static void
raqam_explore_export_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  g_signal_connect_object (scene, "drawn::kept", G_CALLBACK (drawn_cb), panel, 0);
  g_signal_connect_object (scene, "model-changed", G_CALLBACK (model_cb), panel,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (raqam_explore_scene_get_engine (scene), "failed",
                           G_CALLBACK (failed_cb), panel, G_CONNECT_SWAPPED);
}

static void
raqam_explore_export_dispose (GObject *object)
{
  RaqamExploreExport *self = RAQAM_EXPLORE_EXPORT (object);

  g_queue_clear_full (&self->takings, g_free);
  g_clear_weak_pointer (&self->picture);
  g_clear_object (&self->toast);
  g_clear_object (&self->dialog);

  G_OBJECT_CLASS (raqam_explore_export_parent_class)->dispose (object);
}

static void
raqam_explore_export_class_init (RaqamExploreExportClass *klass)
{
  static const char *const actions[]
    = { "export.keep",         "export.copy-picture", "export.copy-vector", "export.paste",
        "export.save-picture", "export.save-vector",  "export.open-vector" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_export_dispose;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->start = raqam_explore_export_start;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, action_cb);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-export"));
}

static void
raqam_explore_export_init (RaqamExploreExport *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_shortcuts (self);
}
