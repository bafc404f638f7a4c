/* run-item.c — a run as a list shows it.
 * SPDX-License-Identifier: MIT */

#include "app/run-item.h"

#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamRunItem
{
  GObject parent_instance;

  RaqamRun *run;
};

enum
{
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamRunItem, raqam_run_item, G_TYPE_OBJECT)

static char *
make_title (const RaqamRun *run)
{
  if (g_strcmp0 (run->state, "training") == 0)
    /* Translators: a run's name */
    return g_strdup_printf (_("%s · training now"), run->name);
  return g_strdup (run->name);
}

static char *
make_subtitle (const RaqamRun *run)
{
  g_autofree char *epoch = raqam_format_number (run->epoch, 2);

  if (run->recipe == NULL)
    return g_strdup_printf (_("Epoch %s"), epoch);
  return g_strdup_printf (_("%s, epoch %s"), _(run->recipe->title), epoch);
}

const RaqamRun *
raqam_run_item_get_run (RaqamRunItem *self)
{
  g_return_val_if_fail (RAQAM_IS_RUN_ITEM (self), NULL);

  return self->run;
}

static void
raqam_run_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamRunItem *self = RAQAM_RUN_ITEM (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_take_string (value, make_title (self->run));
      break;
    case PROP_SUBTITLE:
      g_value_take_string (value, make_subtitle (self->run));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_run_item_finalize (GObject *object)
{
  g_clear_pointer (&RAQAM_RUN_ITEM (object)->run, raqam_run_free);

  G_OBJECT_CLASS (raqam_run_item_parent_class)->finalize (object);
}

static void
raqam_run_item_class_init (RaqamRunItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = raqam_run_item_finalize;
  object_class->get_property = raqam_run_item_get_property;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
raqam_run_item_init (RaqamRunItem *self)
{
}

RaqamRunItem *
raqam_run_item_new (RaqamRun *run)
{
  RaqamRunItem *self = g_object_new (RAQAM_TYPE_RUN_ITEM, NULL);

  self->run = run;
  return self;
}
