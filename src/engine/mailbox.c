/* mailbox.c — reports from the engine's threads to one main context.
 * SPDX-License-Identifier: MIT */

#include "engine/mailbox.h"

typedef struct
{
  const RaqamReportClass *klass;
  guint                   key;
  gpointer                report;
} Letter;

struct _RaqamMailbox
{
  GSource *source;
  gpointer target;

  GMutex   mutex;
  GArray  *letters; /* Letter; under mutex */
  gboolean closed;  /* under mutex */
};

typedef struct
{
  GSource       source;
  RaqamMailbox *mailbox; /* which owns the source and destroys it first */
} Source;

static void
free_letters (GArray *letters, guint first)
{
  for (guint i = first; i < letters->len; i++)
    {
      Letter *letter = &g_array_index (letters, Letter, i);

      letter->klass->free (letter->report);
    }
  g_array_unref (letters);
}

static GArray *
take_letters (RaqamMailbox *self)
{
  GArray *letters;

  g_mutex_lock (&self->mutex);
  letters = self->letters;
  self->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  g_mutex_unlock (&self->mutex);

  return letters;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  RaqamMailbox *self = raqam_mailbox_ref (((Source *) source)->mailbox);
  GArray *letters;
  guint i;

  g_source_set_ready_time (source, -1);
  letters = take_letters (self);

  /* A handler may close the mailbox. */
  for (i = 0; i < letters->len && !g_source_is_destroyed (source); i++)
    {
      Letter *letter = &g_array_index (letters, Letter, i);

      letter->klass->deliver (self->target, letter->report);
      letter->klass->free (letter->report);
    }

  free_letters (letters, i);
  raqam_mailbox_unref (self);
  return G_SOURCE_CONTINUE;
}

RaqamMailbox *
raqam_mailbox_new (gpointer target)
{
  static GSourceFuncs functions = { .dispatch = dispatch };
  RaqamMailbox *self = g_atomic_rc_box_new0 (RaqamMailbox);

  g_mutex_init (&self->mutex);
  self->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  self->target = target;
  self->source = g_source_new (&functions, sizeof (Source));
  ((Source *) self->source)->mailbox = self;
  g_source_set_static_name (self->source, "raqam-mailbox");
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return self;
}

RaqamMailbox *
raqam_mailbox_ref (RaqamMailbox *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  RaqamMailbox *self = data;

  g_source_unref (self->source);
  free_letters (self->letters, 0);
  g_mutex_clear (&self->mutex);
}

void
raqam_mailbox_unref (RaqamMailbox *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
raqam_mailbox_close (RaqamMailbox *self)
{
  g_source_destroy (self->source);

  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  g_mutex_unlock (&self->mutex);

  free_letters (take_letters (self), 0);
}

static gboolean
merge_with_waiting (RaqamMailbox *self, const RaqamReportClass *klass, guint key, gpointer report)
{
  for (guint i = 0; klass->merge != NULL && i < self->letters->len; i++)
    {
      Letter *letter = &g_array_index (self->letters, Letter, i);

      if (letter->klass == klass && letter->key == key)
        {
          letter->report = klass->merge (letter->report, report);
          return TRUE;
        }
    }

  return FALSE;
}

void
raqam_mailbox_post (RaqamMailbox *self, const RaqamReportClass *klass, guint key, gpointer report)
{
  g_mutex_lock (&self->mutex);

  if (self->closed)
    {
      klass->free (report);
    }
  else
    {
      if (!merge_with_waiting (self, klass, key, report))
        {
          Letter letter = { klass, key, report };

          g_array_append_val (self->letters, letter);
        }
      g_source_set_ready_time (self->source, 0);
    }

  g_mutex_unlock (&self->mutex);
}

gpointer
raqam_mailbox_keep_newer (gpointer older, gpointer newer, GDestroyNotify free)
{
  free (older);
  return newer;
}
