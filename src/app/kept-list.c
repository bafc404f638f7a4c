/* kept-list.c — the pictures that are kept for the present model: read, changed, saved.
 * SPDX-License-Identifier: MIT */

#include "app/kept-list.h"

#include <glib/gi18n.h>

struct _RaqamKeptList
{
  GObject parent_instance;

  GPtrArray   *items;  /* of RaqamKeptItem */
  char        *path;   /* their album; NULL where nothing can be kept */
  GThreadPool *worker; /* one thread, so that an album is read after it was written */
  guint        asked;  /* albums so far */
  guint        read;   /* of them */
};

enum
{
  PROP_0,
  PROP_PATH,
  N_PROPS
};

enum
{
  PROBLEM,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

/* What the worker is asked for: to read the album of @model, or else to write @text. The
 * list is only looked at on the main thread. */
typedef struct
{
  GWeakRef    list;
  RaqamModel *model;
  char       *present; /* the album that need not be read again */
  char       *path;
  char       *text;
  GPtrArray  *kept;
  char       *moved;
  GError     *error;
} Job;

static void raqam_kept_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RaqamKeptList, raqam_kept_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      raqam_kept_list_model_init))

static void
job_free (gpointer data)
{
  Job *job = data;

  g_weak_ref_clear (&job->list);
  g_clear_pointer (&job->model, raqam_model_unref);
  g_clear_pointer (&job->kept, g_ptr_array_unref);
  g_clear_error (&job->error);
  g_free (job->present);
  g_free (job->path);
  g_free (job->text);
  g_free (job->moved);
  g_free (job);
}

static void
emit_problem (RaqamKeptList *self, const Job *job)
{
  g_autofree char *aside = job->moved != NULL ? g_filename_display_name (job->moved) : NULL;
  g_autofree char *message = NULL;

  if (job->text != NULL)
    message = g_strdup_printf (_("What you keep could not be written: %s"), job->error->message);
  else if (aside != NULL)
    message = g_strdup_printf (
      _("The kept pictures of this model could not be read: %s. The file was put aside as “%s”, "
        "and you begin with none."),
      job->error->message, aside);
  else
    message = g_strdup_printf (_("The kept pictures of this model could not be read: %s. The file "
                                 "stays as it is, and nothing can be kept."),
                               job->error->message);
  g_signal_emit (self, signals[PROBLEM], 0, message);
}

static void
take_album (RaqamKeptList *self, Job *job)
{
  guint n_before = self->items->len;

  g_ptr_array_set_size (self->items, 0);
  for (guint i = 0; job->kept != NULL && i < job->kept->len; i++)
    g_ptr_array_add (self->items,
                     raqam_kept_item_new (raqam_kept_copy (g_ptr_array_index (job->kept, i))));
  g_free (self->path);
  self->path = job->kept != NULL || job->moved != NULL ? g_steal_pointer (&job->path) : NULL;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PATH]);
}

static gboolean
done_cb (gpointer data)
{
  Job *job = data;
  g_autoptr (RaqamKeptList) self = g_weak_ref_get (&job->list);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (job->model != NULL)
    {
      self->read++;
      if (g_strcmp0 (job->path, self->path) != 0)
        take_album (self, job);
    }
  if (job->error != NULL)
    emit_problem (self, job);
  return G_SOURCE_REMOVE;
}

static void
work (gpointer data, gpointer unused)
{
  Job *job = data;

  if (job->model == NULL)
    raqam_album_write (job->path, job->text, &job->error);
  else
    {
      job->path = raqam_album_path (job->model);
      if (g_strcmp0 (job->path, job->present) != 0)
        job->kept = raqam_album_load (&job->moved, job->path, job->model->recipe->latent,
                                      &job->error);
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, done_cb, job, job_free);
}

static Job *
job_new (RaqamKeptList *self)
{
  Job *job = g_new0 (Job, 1);

  g_weak_ref_init (&job->list, self);
  return job;
}

/* A run that is followed brings a model twice a second. */
static gboolean
is_same_run (RaqamKeptList *self, const RaqamModel *model)
{
  g_autofree char *folder = self->path != NULL ? g_path_get_dirname (self->path) : NULL;

  return self->asked == self->read && g_strcmp0 (folder, model->origin) == 0;
}

void
raqam_kept_list_set_model (RaqamKeptList *self, RaqamModel *model)
{
  Job *job;

  g_return_if_fail (RAQAM_IS_KEPT_LIST (self));

  if (is_same_run (self, model))
    return;
  job = job_new (self);
  job->model = raqam_model_ref (model);
  /* While another album is under way there is none that will be there still. */
  job->present = self->asked == self->read ? g_strdup (self->path) : NULL;
  self->asked++;
  g_thread_pool_push (self->worker, job, NULL);
}

static void
save (RaqamKeptList *self)
{
  g_autofree RaqamKept **kept = g_new (RaqamKept *, self->items->len + 1);
  Job *job;

  if (self->path == NULL)
    return;
  for (guint i = 0; i < self->items->len; i++)
    kept[i] = (RaqamKept *) raqam_kept_item_get_kept (g_ptr_array_index (self->items, i));
  job = job_new (self);
  job->path = g_strdup (self->path);
  job->text = raqam_album_to_json (kept, self->items->len, "Raqam " RAQAM_VERSION);
  g_thread_pool_push (self->worker, job, NULL);
}

gboolean
raqam_kept_list_insert (RaqamKeptList *self, guint position, RaqamKeptItem *item)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_LIST (self), FALSE);
  g_return_val_if_fail (RAQAM_IS_KEPT_ITEM (item), FALSE);

  if (self->path == NULL || self->asked != self->read || self->items->len == RAQAM_ALBUM_MAX)
    return FALSE;
  position = MIN (position, self->items->len);
  g_ptr_array_insert (self->items, (int) position, g_object_ref (item));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  save (self);
  return TRUE;
}

void
raqam_kept_list_move (RaqamKeptList *self, guint from, guint to)
{
  guint first = MIN (from, to), n = MAX (from, to) - first + 1;

  g_return_if_fail (RAQAM_IS_KEPT_LIST (self));
  g_return_if_fail (from < self->items->len && to < self->items->len);

  if (from == to)
    return;
  g_ptr_array_insert (self->items, (int) to, g_ptr_array_steal_index (self->items, from));
  g_list_model_items_changed (G_LIST_MODEL (self), first, n, n);
  save (self);
}

void
raqam_kept_list_remove (RaqamKeptList *self, guint position)
{
  g_return_if_fail (RAQAM_IS_KEPT_LIST (self));
  g_return_if_fail (position < self->items->len);

  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  save (self);
}

void
raqam_kept_list_rename (RaqamKeptList *self, guint position, const char *name)
{
  RaqamKeptItem *item;

  g_return_if_fail (RAQAM_IS_KEPT_LIST (self));
  g_return_if_fail (position < self->items->len);

  item = g_ptr_array_index (self->items, position);
  if (g_str_equal (raqam_kept_item_get_name (item), name))
    return;
  raqam_kept_item_set_name (item, name);
  save (self);
}

gboolean
raqam_kept_list_find (RaqamKeptList *self, RaqamKeptItem *item, guint *position)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_LIST (self), FALSE);

  return g_ptr_array_find (self->items, item, position);
}

static GType
raqam_kept_list_get_item_type (GListModel *model)
{
  return RAQAM_TYPE_KEPT_ITEM;
}

static guint
raqam_kept_list_get_n_items (GListModel *model)
{
  return RAQAM_KEPT_LIST (model)->items->len;
}

static gpointer
raqam_kept_list_get_item (GListModel *model, guint position)
{
  RaqamKeptList *self = RAQAM_KEPT_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
raqam_kept_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = raqam_kept_list_get_item_type;
  iface->get_n_items = raqam_kept_list_get_n_items;
  iface->get_item = raqam_kept_list_get_item;
}

static void
raqam_kept_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_PATH)
    g_value_set_string (value, RAQAM_KEPT_LIST (object)->path);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
raqam_kept_list_finalize (GObject *object)
{
  RaqamKeptList *self = RAQAM_KEPT_LIST (object);

  g_thread_pool_free (self->worker, FALSE, TRUE);
  g_ptr_array_unref (self->items);
  g_free (self->path);

  G_OBJECT_CLASS (raqam_kept_list_parent_class)->finalize (object);
}

static void
raqam_kept_list_class_init (RaqamKeptListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_kept_list_get_property;
  object_class->finalize = raqam_kept_list_finalize;

  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[PROBLEM] = g_signal_new ("problem", RAQAM_TYPE_KEPT_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
raqam_kept_list_init (RaqamKeptList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->worker = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
}

RaqamKeptList *
raqam_kept_list_new (void)
{
  return g_object_new (RAQAM_TYPE_KEPT_LIST, NULL);
}
