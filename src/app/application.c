/* application.c — the application: command line, actions, its one window.
 * SPDX-License-Identifier: MIT */

#include "app/application.h"

#include "app/ui.h"
#include "app/window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

struct _RaqamApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (RaqamApplication, raqam_application, ADW_TYPE_APPLICATION)

/* Returns: (transfer none): the window, which may be hidden while a run goes on; or NULL */
static RaqamWindow *
find_window (gpointer application)
{
  for (GList *window = gtk_application_get_windows (application); window; window = window->next)
    if (RAQAM_IS_WINDOW (window->data) && !raqam_window_is_closing (window->data))
      return window->data;
  return NULL;
}

static RaqamWindow *
present (RaqamApplication *self)
{
  RaqamWindow *window = find_window (self);

  if (window == NULL)
    window = raqam_window_new (GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  RaqamWindow *window = find_window (self);

  if (window != NULL)
    raqam_window_quit (window);
  else if (gtk_application_get_windows (self) == NULL)
    g_application_quit (self);
}

/* The end of the session, or Ctrl-C. */
static gboolean
signal_cb (gpointer self)
{
  g_action_group_activate_action (G_ACTION_GROUP (self), "quit", NULL);
  return G_SOURCE_CONTINUE;
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about, "application-name", "Raqam", "application-icon", RAQAM_APPLICATION_ID,
                "developer-name", _("The Raqam authors"), "version", RAQAM_VERSION, "license-type",
                GTK_LICENSE_MIT_X11, "comments",
                _("Trains a conditional GAN on Persian handwritten digits, and lets you explore "
                   "what it has learnt."),
                "transient-for", gtk_application_get_active_window (GTK_APPLICATION (self)),
                "modal", TRUE, NULL);
  gtk_window_present (GTK_WINDOW (about));
}

static void
set_accels (RaqamApplication *self)
{
  static const struct
  {
    const char *action;
    const char *accels[2];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.new-run", { "<Control>n" } },
    { "win.page('train')", { "<Alt>1" } },
    { "win.page('explore')", { "<Alt>2" } },
    { "train.start", { "<Control>Return" } },
    { "train.resume", { "<Control>r" } },
    { "train.pause", { "<Control>p" } },
    { "train.stop", { "<Control>period" } },
    { "train.choose-data", { "<Control>o" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.page('evaluate')", { "<Alt>3" } },
    { "evaluate.start", { "<Control>e" } },
    { "evaluate.export", { "<Control>s" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].accels);
}

static void
raqam_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = { { "quit", quit_cb }, { "about", about_cb } };

  G_APPLICATION_CLASS (raqam_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  set_accels (RAQAM_APPLICATION (application));
  g_unix_signal_add (SIGHUP, signal_cb, application);
  g_unix_signal_add (SIGINT, signal_cb, application);
  g_unix_signal_add (SIGTERM, signal_cb, application);
}

static void
raqam_application_activate (GApplication *application)
{
  present (RAQAM_APPLICATION (application));
}

static void
raqam_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (int i = 0; i < n_files; i++)
    if (g_file_peek_path (files[i]) != NULL)
      g_strv_builder_add (builder, g_file_peek_path (files[i]));
  paths = g_strv_builder_end (builder);
  raqam_window_open (present (RAQAM_APPLICATION (application)), (const char *const *) paths);
}

static int
raqam_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("raqam %s\n", RAQAM_VERSION);
  return 0;
}

static void
raqam_application_class_init (RaqamApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = raqam_application_activate;
  application_class->handle_local_options = raqam_application_handle_local_options;
  application_class->open = raqam_application_open;
  application_class->startup = raqam_application_startup;
}

static void
raqam_application_init (RaqamApplication *self)
{
  g_application_add_main_option (G_APPLICATION (self), "version", 'v', 0, G_OPTION_ARG_NONE,
                                 _("Print the version and exit"), NULL);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[PATH…]"));
  g_application_set_option_context_summary (
    G_APPLICATION (self),
    _("Trains a conditional GAN on Persian handwritten digits in a window.\n\n"
       "PATH is a run folder to go on with, a model or checkpoint (.safetensors) to\n"
       "explore, or data files (.cdb) to train on."));
}

RaqamApplication *
raqam_application_new (void)
{
  return g_object_new (RAQAM_TYPE_APPLICATION, "application-id", RAQAM_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", RAQAM_RESOURCES, NULL);
}
