/* kept-list.c — the pictures that are kept for the present model: read, changed, saved.
 * SPDX-License-Identifier: MIT */

#include "app/kept-list.h"

#include "engine/error.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* How long another program's lock is waited for, which holds it while it writes. */
#define LOCK_TRIES 150
#define LOCK_PAUSE 20000 /* microseconds */

struct _RaqamKeptList
{
  GObject parent_instance;

  GPtrArray   *items;  /* of RaqamKeptItem */
  char        *path;   /* their album; NULL where nothing can be kept */
  int          latent; /* of its model */
  GHashTable  *known;  /* ids of what has been in the album, with the last names */
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

/* What the worker is asked for: to read the album of @model, or else to write @mine. The
 * list is only looked at on the main thread. */
typedef struct
{
  GWeakRef    list;
  RaqamModel *model;
  char       *present; /* the album that need not be read again */
  char       *path;
  int         latent;
  GPtrArray  *mine;  /* of RaqamKept; NULL to read */
  GHashTable *known; /* as the list's, before @mine */
  GPtrArray  *news;  /* those of @mine, borrowed, that another program has added or named */
  GPtrArray  *kept;  /* what was read */
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
  g_clear_pointer (&job->news, g_ptr_array_unref);
  g_clear_pointer (&job->mine, g_ptr_array_unref);
  g_clear_pointer (&job->known, g_hash_table_unref);
  g_clear_error (&job->error);
  g_free (job->present);
  g_free (job->path);
  g_free (job->moved);
  g_free (job);
}

static void
emit_problem (RaqamKeptList *self, const Job *job)
{
  g_autofree char *aside = job->moved != NULL ? g_filename_display_name (job->moved) : NULL;
  g_autofree char *message = NULL;

  if (job->mine != NULL && aside != NULL)
    message = g_strdup_printf (
      _("The file of what you keep was damaged: %s. It was put aside as “%s” and written anew."),
      job->error->message, aside);
  else if (job->mine != NULL)
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
know (RaqamKeptList *self, const char *id, const char *name)
{
  g_hash_table_replace (self->known, g_strdup (id), g_strdup (name));
}

/* Returns: (transfer none) (nullable) */
static RaqamKeptItem *
find_id (RaqamKeptList *self, const char *id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      RaqamKeptItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (raqam_kept_item_get_kept (item)->id, id))
        return item;
    }
  return NULL;
}

/* What another program has kept comes last, unless it has been deleted here meanwhile. */
static void
take_news (RaqamKeptList *self, const Job *job)
{
  guint n_before = self->items->len;

  for (guint i = 0; i < job->news->len; i++)
    {
      const RaqamKept *kept = g_ptr_array_index (job->news, i);
      RaqamKeptItem *item = find_id (self, kept->id);
      const char *name = g_hash_table_lookup (job->known, kept->id);

      if (item == NULL && !g_hash_table_contains (self->known, kept->id))
        g_ptr_array_add (self->items, raqam_kept_item_new (raqam_kept_copy (kept)));
      else if (item != NULL && g_strcmp0 (raqam_kept_item_get_name (item), name) == 0)
        raqam_kept_item_set_name (item, kept->name);
      else
        continue;
      know (self, kept->id, kept->name);
    }
  if (self->items->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->items->len - n_before);
}

static void
take_album (RaqamKeptList *self, Job *job)
{
  guint n_before = self->items->len;

  g_ptr_array_set_size (self->items, 0);
  g_hash_table_remove_all (self->known);
  for (guint i = 0; job->kept != NULL && i < job->kept->len; i++)
    {
      const RaqamKept *kept = g_ptr_array_index (job->kept, i);

      g_ptr_array_add (self->items, raqam_kept_item_new (raqam_kept_copy (kept)));
      know (self, kept->id, kept->name);
    }
  self->latent = job->model->recipe->latent;
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
  else if (job->news != NULL && g_strcmp0 (job->path, self->path) == 0)
    take_news (self, job);
  if (job->error != NULL)
    emit_problem (self, job);
  return G_SOURCE_REMOVE;
}

/* Returns: what is to be closed; −1 where there is no lock to be had, or not in time */
static int
lock_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  raqam_album_make_folder (path, NULL); /* where it can't be, writing says so */
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; fd >= 0 && i < LOCK_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
      g_usleep (LOCK_PAUSE);
    }
  if (fd >= 0)
    close (fd);
  return -1;
}

/* What another program has added joins @mine, and what it has named has that name, unless
 * it has another one here too. What it has deleted stays while it is here. */
static void
merge (Job *job, const GPtrArray *found)
{
  g_autoptr (GHashTable) mine = g_hash_table_new (g_str_hash, g_str_equal);

  job->news = g_ptr_array_new ();
  for (guint i = 0; i < job->mine->len; i++)
    {
      RaqamKept *kept = g_ptr_array_index (job->mine, i);

      g_hash_table_insert (mine, kept->id, kept);
    }
  for (guint i = 0; i < found->len; i++)
    {
      const RaqamKept *theirs = g_ptr_array_index (found, i);
      const char *name = g_hash_table_lookup (job->known, theirs->id);
      RaqamKept *kept = g_hash_table_lookup (mine, theirs->id);

      if (kept == NULL && name == NULL)
        {
          kept = raqam_kept_copy (theirs);
          g_ptr_array_add (job->mine, kept);
        }
      else if (kept != NULL && g_strcmp0 (kept->name, name) == 0
               && !g_str_equal (kept->name, theirs->name))
        {
          g_free (kept->name);
          kept->name = g_strdup (theirs->name);
        }
      else
        continue;
      g_ptr_array_add (job->news, kept);
    }
}

static gboolean
write_mine (Job *job, GError **error)
{
  g_autofree char *text = NULL;

  if (job->mine->len > RAQAM_ALBUM_MAX)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("With what another program has kept for this model there would be more than "
                     "%d pictures: delete some"),
                   RAQAM_ALBUM_MAX);
      return FALSE;
    }
  text = raqam_album_to_json ((RaqamKept *const *) job->mine->pdata, job->mine->len,
                              "Raqam " RAQAM_VERSION);
  return raqam_album_write (job->path, text, error);
}

/* Another program may keep pictures for the same model at the same time. */
static void
write_album (Job *job)
{
  int lock = lock_folder (job->path);
  g_autoptr (GPtrArray) found
    = raqam_album_load (&job->moved, job->path, job->latent, &job->error);
  GError *error = NULL;

  if (found != NULL)
    merge (job, found);
  if ((found != NULL || job->moved != NULL) && !write_mine (job, &error))
    {
      g_clear_error (&job->error);
      g_clear_pointer (&job->moved, g_free);
      job->error = error;
    }
  if (lock >= 0)
    close (lock);
}

static void
work (gpointer data, gpointer unused)
{
  Job *job = data;

  if (job->model == NULL)
    write_album (job);
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
  GHashTableIter iter;
  gpointer id, name;
  Job *job;

  if (self->path == NULL)
    return;
  job = job_new (self);
  job->path = g_strdup (self->path);
  job->latent = self->latent;
  job->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &id, &name))
    g_hash_table_insert (job->known, g_strdup (id), g_strdup (name));
  job->mine = g_ptr_array_new_full (self->items->len, (GDestroyNotify) raqam_kept_free);
  for (guint i = 0; i < self->items->len; i++)
    {
      const RaqamKept *kept = raqam_kept_item_get_kept (g_ptr_array_index (self->items, i));

      g_ptr_array_add (job->mine, raqam_kept_copy (kept));
      know (self, kept->id, kept->name);
    }
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
  g_hash_table_unref (self->known);
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
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->worker = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
}

RaqamKeptList *
raqam_kept_list_new (void)
{
  return g_object_new (RAQAM_TYPE_KEPT_LIST, NULL);
}
