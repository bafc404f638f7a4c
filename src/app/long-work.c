/* long-work.c — what the desktop is told of a run that takes hours.
 * SPDX-License-Identifier: MIT */

#include "app/long-work.h"

#include "print/format.h"

#include <glib/gi18n.h>

#define NOTIFICATION "training"

struct _RaqamLongWork
{
  GObject parent_instance;

  GtkWindow   *window;
  RaqamEngine *engine;
  char        *run;
  guint        inhibition; /* the cookie; 0: the computer may sleep */
  int          percent;    /* told last; -1: none */
};

G_DEFINE_FINAL_TYPE (RaqamLongWork, raqam_long_work, G_TYPE_OBJECT)

/* Returns: NULL once the window has none */
static GApplication *
get_application (RaqamLongWork *self)
{
  GtkApplication *application = gtk_window_get_application (self->window);

  return application != NULL ? G_APPLICATION (application) : NULL;
}

static void
tell_task_bar (RaqamLongWork *self)
{
  GApplication *application = get_application (self);
  GDBusConnection *bus =
    application != NULL ? g_application_get_dbus_connection (application) : NULL;
  GVariantBuilder properties;

  if (bus == NULL)
    return;
  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&properties, "{sv}", "progress",
                         g_variant_new_double (MAX (self->percent, 0) / 100.0));
  g_variant_builder_add (&properties, "{sv}", "progress-visible",
                         g_variant_new_boolean (self->percent >= 0));
  g_dbus_connection_emit_signal (
    bus, NULL, "/com/canonical/unity/launcherentry/raqam", "com.canonical.Unity.LauncherEntry",
    "Update",
    g_variant_new ("(sa{sv})", "application://" RAQAM_APPLICATION_ID ".desktop", &properties),
    NULL);
}

static void
set_percent (RaqamLongWork *self, int percent)
{
  g_autofree char *number = NULL;
  g_autofree char *title = NULL;

  if (percent == self->percent)
    return;
  self->percent = percent;
  if (percent >= 0)
    {
      number = raqam_format_integer (percent);
      /* Translators: the title of the window while a run goes on: how far it is, in percent */
      title = g_strdup_printf (_("%s %% – Raqam"), number);
    }
  gtk_window_set_title (self->window, title != NULL ? title : _("Raqam"));
  tell_task_bar (self);
}

static void
notify (RaqamLongWork *self, const char *title, const char *body)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  GApplication *application = get_application (self);

  g_notification_set_body (notification, body);
  if (application != NULL)
    g_application_send_notification (application, NOTIFICATION, notification);
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, RaqamLongWork *self)
{
  if (progress->n_steps > 0 && raqam_engine_get_state (engine) != RAQAM_STATE_IDLE)
    set_percent (self, (int) (100 * progress->step / progress->n_steps));
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, RaqamLongWork *self)
{
  set_percent (self, -1);
  if (gtk_widget_get_visible (GTK_WIDGET (self->window)) && gtk_window_is_active (self->window))
    return;
  if (error != NULL)
    {
      g_autofree char *body = g_strdup_printf (_("%s: %s"), self->run, error->message);

      notify (self, _("The Training Ended Early"), body);
    }
  else if (finished)
    {
      g_autofree char *body = g_strdup_printf (_("%s is finished."), self->run);

      notify (self, _("Training Finished"), body);
    }
}

/* A paused run may as well sleep. */
static void
state_cb (RaqamLongWork *self)
{
  RaqamState state = raqam_engine_get_state (self->engine);
  gboolean busy = state != RAQAM_STATE_IDLE && state != RAQAM_STATE_PAUSED;
  GtkApplication *application = gtk_window_get_application (self->window);

  if (application == NULL || busy == (self->inhibition != 0))
    return;
  if (busy)
    {
      self->inhibition = gtk_application_inhibit (
        application, self->window, GTK_APPLICATION_INHIBIT_SUSPEND, _("A run is training"));
      return;
    }
  gtk_application_uninhibit (application, self->inhibition);
  self->inhibition = 0;
}

RaqamLongWork *
raqam_long_work_new (GtkWindow *window, RaqamEngine *engine)
{
  RaqamLongWork *self = g_object_new (RAQAM_TYPE_LONG_WORK, NULL);

  self->window = window;
  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "progress", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (engine, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
raqam_long_work_set_run (RaqamLongWork *self, const char *name)
{
  GApplication *application;

  g_return_if_fail (RAQAM_IS_LONG_WORK (self));

  g_free (self->run);
  self->run = g_strdup (name);
  application = get_application (self);
  if (application != NULL)
    g_application_withdraw_notification (application, NOTIFICATION);
}

void
raqam_long_work_tell_background (RaqamLongWork *self)
{
  g_autofree char *body = NULL;

  g_return_if_fail (RAQAM_IS_LONG_WORK (self));

  body =
    g_strdup_printf (_ ("%s goes on without a window. Open Raqam to see it again."), self->run);
  notify (self, _("Training in the Background"), body);
}

void
raqam_long_work_close (RaqamLongWork *self)
{
  g_return_if_fail (RAQAM_IS_LONG_WORK (self));

  g_signal_handlers_disconnect_by_data (self->engine, self);
  set_percent (self, -1);
}

static void
raqam_long_work_dispose (GObject *object)
{
  RaqamLongWork *self = RAQAM_LONG_WORK (object);

  g_clear_object (&self->engine);

  G_OBJECT_CLASS (raqam_long_work_parent_class)->dispose (object);
}

static void
raqam_long_work_finalize (GObject *object)
{
  RaqamLongWork *self = RAQAM_LONG_WORK (object);

  g_free (self->run);

  G_OBJECT_CLASS (raqam_long_work_parent_class)->finalize (object);
}

static void
raqam_long_work_class_init (RaqamLongWorkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = raqam_long_work_dispose;
  G_OBJECT_CLASS (klass)->finalize = raqam_long_work_finalize;
}

static void
raqam_long_work_init (RaqamLongWork *self)
{
  self->percent = -1;
}
